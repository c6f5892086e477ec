/// What the kernel said as text where a key has a number: the source gives out the number and tells
/// the text once.
///
/// Such numbers lie in subsystems of their own, far above the kernel's, which count from 0. They
/// mean something only in the run that gave them out.
package struct ReasonName: Equatable, Sendable {
  /// What the text is.
  package enum Text: Hashable, Sendable {
    /// A drop reason as the kernel spells it: NET_DM sends `NO_SOCKET`, not its number.
    case spelling(String)
    /// A devlink trap and its group: what network hardware reports (devlink-trap(7)).
    case trap(String, group: String?)
  }

  /// As in ``DropKey/reason``.
  package var number: UInt32
  package var text: Text

  package init(number: UInt32, text: Text) {
    self.number = number
    self.text = text
  }
}

/// Gives out the numbers: the same text gets the same number.
package struct ReasonNumbers: Sendable {
  /// The subsystem of reasons that were told as text, in the upper half of a reason.
  package static let spelled: UInt32 = 0xFFFE
  /// The subsystem of devlink traps.
  package static let hardware: UInt32 = 0xFFFF

  private var numbers: [ReasonName.Text: UInt32] = [:]

  package init() {}

  /// The number for a text; tells `batch` of it when it is new.
  ///
  /// There is room for 65,535 of each kind, far more than the kernel has; what comes after shares
  /// the last number.
  package mutating func number(of text: ReasonName.Text, in batch: inout DropBatch) -> UInt32 {
    if let known = numbers[text] { return known }
    let subsystem =
      switch text {
      case .spelling: Self.spelled
      case .trap: Self.hardware
      }
    let number = subsystem << 16 | UInt32(min(numbers.count + 1, 0xFFFF))
    numbers[text] = number
    batch.reasons.append(ReasonName(number: number, text: text))
    return number
  }
}

extension DropKey {
  /// The reason of a drop whose source is not told any, whatever the kernel knows.
  package static let unknownReason = ReasonNumbers.spelled << 16

  /// Whether network hardware dropped it, and the reason is a devlink trap.
  package var isHardware: Bool { reason >> 16 == ReasonNumbers.hardware }
}
