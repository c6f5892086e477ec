internal import BPF
internal import CDropRecords
internal import CLinux
package import DropModel
internal import Glibc
package import KernelNames

/// The first choice of a source: a BPF program on the tracepoint skb:kfree_skb.
///
/// Where the kernel has them, two more listen to what network hardware drops (devlink traps) and to
/// why queueing disciplines do.
///
/// It counts in the kernel, so counts stay exact at millions of drops per second, and hands
/// packets over only as far as asked. What it leaves behind is nothing: programs and maps die with
/// this object's descriptors, also after a kill -9.
package final class EBPFSource: DropSource {
  package let description: SourceDescription
  package let wakeDescriptor: Int32?

  // Links are declared before the object: they must go first.
  private var dropLink: BPFLink?
  private var trapLink: BPFLink?
  private var qdiscLink: BPFLink?
  private let ring: RingBuffer?
  private let object: BPFObject
  private let programs: Programs
  private let tallies: BPFMap
  private let trapTallies: BPFMap
  private let qdiscTallies: BPFMap
  let accounts: BPFMap
  let devices: BPFMap
  private let ownSockets: BPFMap
  private var reader = TallyReader()
  private var numbers = KeyNumbers()
  /// Those whose names were told with a packet: namespace and index in one.
  private var namedDevices: Set<UInt64> = []
  private var lastDevice: UInt64 = 0
  private var isAttached = true
  /// What the user should know, once.
  private var note: String?

  /// Loads and attaches; drops are counted from then on.
  ///
  /// Costs 20 to 50 ms, most of it libbpf reading the kernel's BTF. `types` are the same BTF as
  /// we read it. Throws where the tracepoint or a privilege is missing.
  package init(options: EBPFOptions = EBPFOptions(), types: BTF) throws(SourceError) {
    let offers = try KernelOffers(types)
    if !options.software, options.hardware != .off, !offers.hasTraps {
      throw .unsupported("hardware drops cannot be seen: \(KernelOffers.noTraps)")
    }
    let loaded = try Self.load(options, offers: offers)
    let refusal = loaded.refusal
    programs = loaded.programs
    object = loaded.object
    do throws(BPFError) {
      tallies = try object.map("tallies")
      trapTallies = try object.map("trap_tallies")
      qdiscTallies = try object.map("qdisc_tallies")
      accounts = try object.map("accounts")
      devices = try object.map("devices")
      ownSockets = try object.map("own_sockets")
      if options.packets == .none {
        ring = nil
        wakeDescriptor = nil
      } else {
        let opened = try RingBuffer(map: object.map("packets"))
        wakeDescriptor = opened.descriptor
        ring = consume opened
      }
      // Those that tell more come first and go last: no drop is to be counted without them.
      if let name = programs.qdisc { qdiscLink = try object.attach(program: name) }
      if let name = programs.trap { trapLink = try object.attach(program: name) }
      if let name = programs.drop { dropLink = try object.attach(program: name) }
    } catch {
      throw SourceError(error)
    }
    if options.hardware == .asked, !programs.hardware {
      let why = offers.hasTraps ? refusal ?? "the kernel refuses the program" : KernelOffers.noTraps
      note = "hardware drops cannot be seen: \(why)"
    }
    description = SourceDescription(
      name: "ebpf", mechanism: programs.isTyped ? "tp_btf" : "raw_tp",
      blindSpots: offers.blindSpots(programs, refusal: refusal))
  }

  /// Excludes the drops of a socket of our own from now on; they are counted as excluded.
  package func exclude(socket descriptor: Int32) throws(SourceError) {
    var cookie: UInt64 = 0
    guard unsafe clinux_socket_cookie(descriptor, &cookie) == 0 else {
      throw .failed("cannot exclude the descriptor \(descriptor): it is not a socket")
    }
    do throws(BPFError) {
      try ownSockets.set(UInt8(1), for: cookie)
    } catch {
      throw SourceError(error)
    }
  }

  package func read(into batch: inout DropBatch) throws(SourceError) {
    try readPackets(into: &batch)
    if let note { batch.notes.append(note) }
    note = nil
    do throws(BPFError) {
      let account = try readAccount()
      var newKeys: [DropKey] = []
      var missed: UInt64 = 0
      if let name = programs.drop {
        newKeys += try reader.read(tallies, into: &batch) { key, _ in numbers.key(key) }
        missed += try object.recursionMisses(ofProgram: name)
      }
      if let name = programs.trap {
        newKeys += try reader.read(trapTallies, into: &batch) { (key: drop_trap_key, batch) in
          numbers.key(key.key, key.trap, in: &batch)
        }
        missed += try object.recursionMisses(ofProgram: name)
      }
      if programs.qdisc != nil {
        newKeys += try reader.read(qdiscTallies, into: &batch) { (key: drop_qdisc_key, batch) in
          numbers.key(key.key, key.qdisc, in: &batch)
        }
      }
      try nameDevices(of: newKeys, in: &batch)
      batch.loss = account.loss(tallied: reader.tallied, missed: missed, isFinal: !isAttached)
    } catch {
      throw SourceError(error)
    }
  }

  package func readPackets(into batch: inout DropBatch) throws(SourceError) {
    do throws(BPFError) {
      let start = batch.packets.packets.count
      try unsafe ring?.consume { unsafe batch.append(record: $0, numbers: &numbers) }
      try nameDevices(ofPacketsFrom: start, in: &batch)
    } catch {
      throw SourceError(error)
    }
  }

  /// Adds the names of the devices that packets are shown with, which are seen before their tallies.
  private func nameDevices(ofPacketsFrom start: Int, in batch: inout DropBatch) throws(BPFError) {
    for index in start..<batch.packets.packets.count {
      let key = batch.packets.packets[index].key
      let device = UInt64(key.namespace) << 32 | UInt64(key.interfaceIndex)
      guard device != lastDevice else { continue }
      lastDevice = device
      if namedDevices.insert(device).inserted { try nameDevices(of: [key], in: &batch) }
    }
  }

  package func stop(into batch: inout DropBatch) throws(SourceError) {
    dropLink = nil
    trapLink = nil
    qdiscLink = nil
    isAttached = false
    // A drop that was being counted while we detached ends within a grace period. Where the kernel
    // refuses to wait for one (with nohz_full), no program runs that long either.
    if clinux_membarrier_global() != 0 { usleep(50_000) }
    try read(into: &batch)
  }
}
