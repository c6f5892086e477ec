/// A queueing discipline, as `tc qdisc` tells it.
package struct Qdisc: Hashable, Sendable {
  /// What it is: "tbf", "fq_codel".
  package var kind: String
  /// Its number on its device; those that nobody gave one (the kernel's defaults) share 0.
  package var handle: UInt32
  /// The class it hangs on; ``root`` if it is the device's own.
  package var parent: UInt32

  package init(kind: String, handle: UInt32, parent: UInt32 = Qdisc.root) {
    self.kind = kind
    self.handle = handle
    self.parent = parent
  }

  /// TC_H_ROOT of linux/pkt_sched.h.
  package static let root: UInt32 = 0xFFFF_FFFF

  /// "8001:", as tc writes and takes it.
  package var handleText: String { Self.text(handle) }

  /// "8001:1", ":3"; nil if it is the device's root.
  package var parentText: String? { parent == Self.root ? nil : Self.text(parent) }

  /// "tbf 8001:".
  package var label: String { "\(kind) \(handleText)" }

  /// Both halves in hexadecimal; a half that is 0 is left out, unless both are.
  private static func text(_ handle: UInt32) -> String {
    let (major, minor) = (handle >> 16, handle & 0xFFFF)
    return (major == 0 && minor != 0 ? "" : String(major, radix: 16)) + ":"
      + (minor == 0 ? "" : String(minor, radix: 16))
  }
}

/// What a queueing discipline's number in a key stands for; told once, when it first appears.
package struct QdiscName: Equatable, Sendable {
  /// As in ``DropKey/qdisc``, from 1 on.
  package var number: UInt32
  package var qdisc: Qdisc

  package init(number: UInt32, qdisc: Qdisc) {
    self.number = number
    self.qdisc = qdisc
  }
}

/// Gives out the numbers: the same queueing discipline gets the same number.
package struct QdiscNumbers: Sendable {
  private var numbers: [Qdisc: UInt32] = [:]

  package init() {}

  /// The number of a queueing discipline; tells `batch` of it when it is new.
  package mutating func number(of qdisc: Qdisc, in batch: inout DropBatch) -> UInt32 {
    if let known = numbers[qdisc] { return known }
    let number = UInt32(numbers.count + 1)
    numbers[qdisc] = number
    batch.qdiscs.append(QdiscName(number: number, qdisc: qdisc))
    return number
  }
}
