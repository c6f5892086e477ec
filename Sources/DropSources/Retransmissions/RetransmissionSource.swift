internal import BPF
internal import CDropRecords
internal import CLinux
package import DropModel
internal import Glibc
package import KernelNames

/// Watches what TCP sends again, and tells of each whether this machine dropped it before.
///
/// Three programs in the kernel: one remembers the dropped segments of each flow, two compare them
/// with what is retransmitted. Needs BTF, and is used by one thread.
package final class RetransmissionSource {
  package let description: SourceDescription
  /// Becomes readable when the ring is filling up.
  package let wakeDescriptor: Int32

  // Links are declared before the object: they must go first.
  private var links: Links?
  private let ring: RingBuffer
  private let object: BPFObject
  private let dropProgram: String
  private let histories: BPFMap
  private let accounts: BPFMap
  private let devices: BPFMap
  private var namedDevices: Set<UInt64> = []
  private var forgotten: UInt64 = 0
  /// Dropped ranges of which a part was never sent again, as of the end.
  private(set) var unanswered: [UnansweredDrop] = []

  /// A range that was dropped on this machine and not sent again: its data had arrived by another
  /// copy, or the watching ended before.
  struct UnansweredDrop: Equatable {
    var flow: TCPFlow
    var start: UInt32
    var end: UInt32
    var time: MonotonicTime
    var namespace: UInt32
  }

  private struct Links: ~Copyable {
    let drop: BPFLink
    let retransmission: BPFLink
    let handshake: BPFLink?
  }

  private static let dropPrograms = ["typed_drop", "untyped_drop"]
  private static let handshakeProgram = "synack_retransmission"

  /// Loads and attaches; what is dropped from then on is known.
  ///
  /// Costs 20 to 50 ms. Throws where a tracepoint or a privilege is missing.
  package init(
    options: RetransmissionOptions = RetransmissionOptions(), types: BTF
  ) throws(SourceError) {
    guard options.namespaces.count <= RetransmissionOptions.mostNamespaces else {
      throw .unsupported(
        "\(options.namespaces.count) network namespaces are too many to be watched apart: name at most \(RetransmissionOptions.mostNamespaces)"
      )
    }
    let offers = try RetransmissionOffers(types)
    let loaded = try Self.load(options, offers)
    dropProgram = loaded.dropProgram
    object = loaded.object
    do throws(BPFError) {
      histories = try object.map("histories")
      accounts = try object.map("retransmission_accounts")
      devices = try object.map("device_names")
      let opened = try RingBuffer(map: object.map("retransmissions"))
      wakeDescriptor = opened.descriptor
      ring = consume opened
      // Drops first: no retransmission is to be told without what came before it.
      links = Links(
        drop: try object.attach(program: dropProgram),
        retransmission: try object.attach(program: "retransmission"),
        handshake: offers.hasHandshakes
          ? try object.attach(program: Self.handshakeProgram) : nil)
    } catch {
      throw SourceError(error)
    }
    description = SourceDescription(
      name: "retransmissions", mechanism: dropProgram == "typed_drop" ? "tp_btf" : "raw_tp",
      blindSpots: offers.blindSpots)
  }

  private struct Loaded: ~Copyable {
    let object: BPFObject
    let dropProgram: String
  }

  private static func load(
    _ options: RetransmissionOptions, _ offers: RetransmissionOffers
  ) throws(SourceError) -> Loaded {
    let order: [String] =
      switch options.attachment {
      case .automatic: dropPrograms
      case .typed: [dropPrograms[0]]
      case .raw: [dropPrograms[1]]
      }
    var refusal: BPFError?
    for program in order {
      do throws(BPFError) {
        let object = try BPFObject(bytes: retransmissionsObject, name: "dropwatch_rt")
        for name in dropPrograms { try object.setAutoload(name == program, ofProgram: name) }
        try object.setAutoload(offers.hasHandshakes, ofProgram: handshakeProgram)
        try object.setConstants(options.settings(offers))
        try object.setCapacity(max(options.flows, 1), ofMap: "histories")
        try object.setCapacity(options.ringBytes, ofMap: "retransmissions")
        try object.load()
        return Loaded(object: object, dropProgram: program)
      } catch {
        if refusal == nil { refusal = error }
        if error.isPermission { break }
      }
    }
    throw refusal.map(SourceError.init) ?? .failed("no program was chosen")
  }

  /// Adds what came since the last reading to `batch`, and sets its account.
  package func read(into batch: inout RetransmissionBatch) throws(SourceError) {
    do throws(BPFError) {
      try unsafe ring.consume { unsafe batch.append(record: $0) }
      try nameDevices(in: &batch)
      let shares = try accounts.values(for: UInt32(0), as: retransmission_account.self)
      var loss = shares.reduce(into: RetransmissionLoss()) { $0.add($1) }
      loss.missed = try object.recursionMisses(ofProgram: dropProgram)
      loss.missed += try object.recursionMisses(ofProgram: "retransmission")
      loss.forgottenFlows = forgotten
      batch.loss = loss
    } catch {
      throw SourceError(error)
    }
  }

  /// Detaches, waits until the kernel has finished, and reads what remains: the account is final.
  package func stop(into batch: inout RetransmissionBatch) throws(SourceError) {
    links = nil
    // As in EBPFSource: a program that is running ends within a grace period.
    if clinux_membarrier_global() != 0 { usleep(50_000) }
    do throws(BPFError) {
      let shares = try accounts.values(for: UInt32(0), as: retransmission_account.self)
      let begun = shares.reduce(0) { $0 + $1.flows }
      var present: UInt64 = 0
      try histories.forEach(
        keys: retransmission_flow.self, values: retransmission_history.self
      ) { flow, histories in
        present += 1
        for history in histories { unanswered += history.unanswered(of: TCPFlow(flow)) }
      }
      forgotten = begun > present ? begun - present : 0
    } catch {
      throw SourceError(error)
    }
    try read(into: &batch)
  }

  /// Adds the names of devices that appear for the first time.
  private func nameDevices(in batch: inout RetransmissionBatch) throws(BPFError) {
    for retransmission in batch.retransmissions {
      for key in [retransmission.route, retransmission.cause?.key].compactMap(\.self)
      where key.interfaceIndex != 0 {
        let device = UInt64(key.namespace) << 32 | UInt64(key.interfaceIndex)
        guard namedDevices.insert(device).inserted else { continue }
        let index = drop_device_key(netns: key.namespace, interface: key.interfaceIndex)
        guard let name = try devices.values(for: index, as: drop_device_name.self).first
        else { continue }
        batch.devices.append(
          DeviceName(
            namespace: key.namespace, interfaceIndex: key.interfaceIndex, name: name.text))
      }
    }
  }
}

extension RetransmissionLoss {
  /// Adds one CPU's share.
  fileprivate mutating func add(_ share: retransmission_account) {
    seen += share.seen
    told += share.told
    filtered += share.filtered
    unsent += share.unsent
    lost += share.lost
    lostSegments += share.lost_segments
    drops += share.drops
    dropsElsewhere += share.elsewhere
    unreadable += share.unreadable
    unstored += share.unstored
    overwritten += share.overwritten
  }
}

extension retransmission_history {
  /// What is open of its ranges; what a receiver refused need not be sent again.
  fileprivate func unanswered(of flow: TCPFlow) -> [RetransmissionSource.UnansweredDrop] {
    let ranges = unsafe withUnsafeBytes(of: ranges) { bytes in
      unsafe Array(bytes.bindMemory(to: retransmission_drop.self))
    }
    return ranges.filter { $0.time != 0 && $0.receiver == 0 && $0.head != $0.tail }.map {
      RetransmissionSource.UnansweredDrop(
        flow: flow, start: $0.head, end: $0.tail, time: MonotonicTime(nanoseconds: $0.time),
        namespace: $0.netns)
    }
  }
}
