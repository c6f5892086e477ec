import Bytes
import Diagnosis
import DropModel
import Export
import Glibc
import Recording

/// Names that a test makes up, one way for each number; counts how often it was asked.
final class SampleNames: DropNames {
  var notes: [String] = []
  private(set) var questions = 0
  /// Whether namespaces have names yet.
  var knowsNamespaces = true

  func learn(_ batch: DropBatch) {}
  func refresh() {}

  func drop(for key: DropKey) -> Drop {
    questions += 1
    return Drop(
      reason: reason(key.reason), site: site(of: key),
      namespace: key.namespace == 0
        ? nil
        : NetworkNamespace(inode: key.namespace, name: knowsNamespaces ? "red" : nil),
      device: key.interfaceIndex == 0
        ? nil : Device(index: key.interfaceIndex, name: "veth\(key.interfaceIndex)"),
      networkProtocol: key.ethertype == 0x0800 ? "ipv4" : nil,
      transport: key.transport == 17 ? "udp" : nil,
      qdisc: key.qdisc == 0 ? nil : Qdisc(kind: "tbf", handle: 0x8001_0000))
  }

  func site(of key: DropKey) -> DropSite? {
    if key.isHardware { return DropSite(address: 0, trap: reason(key.reason)) }
    return key.site == 0 ? nil : site(at: key.site)
  }

  func site(at address: UInt64) -> DropSite {
    DropSite(
      address: address, symbol: "function_\(address & 0xFF)", offset: 0x9E, size: 0x200,
      module: address & 1 == 0 ? nil : "nf_tables")
  }

  func reason(_ number: UInt32) -> DropReason? {
    number == 0
      ? nil
      : DropReason(
        subsystem: number >> 16 == 0xFFFF ? "hardware" : "core", name: "REASON_\(number & 0xFF)",
        group: number >> 16 == 0xFFFF ? "l3_drops" : nil)
  }

  func owner(of socket: SocketOwner) -> Owner {
    Owner(
      uid: socket.uid, user: "www-data", cgroup: "/system.slice/nginx.service",
      unit: "nginx.service", container: Container(id: "abc", runtime: "docker"), pid: 812,
      command: "nginx")
  }
}

/// A directory for a test's files, which goes with it.
final class Scratch {
  let path: String

  init() {
    var template = Array("/tmp/dropwatch-recording.XXXXXX".utf8CString)
    unsafe mkdtemp(&template)
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  func file(_ name: String = "drops.db") -> String { path + "/" + name }

  deinit {
    for name in files { unsafe _ = unlink(file(name)) }
    unsafe _ = rmdir(path)
  }

  /// What is in it, by the alphabet.
  var files: [String] {
    guard let directory = unsafe opendir(path) else { return [] }
    defer { unsafe _ = closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}

/// A run of a few intervals that a test records and reads again.
enum Sample {
  static let session = Session(
    version: "0.1.0",
    source: SourceDescription(
      name: "ebpf", mechanism: "tp_btf", blindSpots: ["a \"blind\" spot"],
      refusals: [SourceRefusal(source: "netdm", reason: "it's not there")]),
    kernel: "6.18.44", host: "web1", started: WallTime(nanoseconds: 1_795_861_461_000_000_000),
    filter: "udp port 53")

  static let context = RecordingContext(
    typesDigest: "fnv1a64:1", command: "sleep 1",
    sysctls: [.init(name: "net.core.rmem_max", value: "212992")])

  /// What adds to a time since the start of the machine.
  static let clock = ClockOffset(nanoseconds: 1_795_861_400_000_000_000)

  static let udp = DropKey(
    site: 0xffff_ffff_81b1_dc04, reason: 3, namespace: 4_026_532_281, interfaceIndex: 2,
    ethertype: 0x0800, transport: 17)
  static let queued = DropKey(site: 0xffff_ffff_81b1_0005, reason: 7, qdisc: 1)
  static let trap = DropKey(site: 0, reason: 0xFFFF_0001)

  /// Nanoseconds of the monotonic clock, `seconds` after the start of the run.
  static func time(_ seconds: Double) -> MonotonicTime {
    MonotonicTime(nanoseconds: 61_000_000_000 + UInt64(seconds * 1e9))
  }

  static func tally(_ key: DropKey, _ drops: UInt64, at seconds: Double) -> Tally {
    Tally(
      key: key, counts: Counts(drops: drops, bytes: drops * 42, segments: drops * 2),
      first: time(seconds), last: time(seconds + 0.25))
  }

  static let owner = SocketOwner(
    uid: 33, cgroup: 812, inode: 0xFFFF_FFFF_FFFF_FFF0, cookie: 0x8000_0000_0000_0001, family: 2,
    transport: 17, state: 7, isReceiver: true)

  /// Adds a packet of `size` bytes that say which one it is.
  static func append(
    _ key: DropKey, at seconds: Double, size: Int = 60, owner: SocketOwner? = nil,
    stack: [UInt64] = [], to batch: inout PacketBatch
  ) {
    let start = batch.storage.count
    for address in stack { batch.storage.append(integer: address, .host) }
    let middle = batch.storage.count
    batch.storage += (0..<size).map { UInt8(truncatingIfNeeded: $0 + batch.packets.count) }
    batch.packets.append(
      Packet(
        time: time(seconds), key: key, length: UInt32(size) + 8, originalLength: 1514,
        segments: 3, ingressIndex: 9, owner: owner, hasLinkHeader: true, networkOffset: 14,
        transportOffset: nil, bytes: middle..<batch.storage.count, stack: start..<middle))
  }

  static func report(
    at seconds: Double, _ loss: Loss, isLast: Bool = false
  ) -> Report {
    Report(
      time: time(seconds).wallTime(clock), interval: .seconds(1), rows: Rows(rows: []), drops: 0,
      loss: loss, isLast: isLast)
  }

  static func summary(at seconds: Double) -> Summary {
    Summary(
      time: time(seconds).wallTime(clock), duration: .seconds(seconds), drops: 0, sites: 0,
      loss: Loss(), totals: Rows(rows: []), processorPercent: nil)
  }

  /// Records `seconds` intervals: in each 5 + n, 2 and 1 drops of the three keys, and one packet for
  /// each of the first.
  static func record(
    into sink: RecordingSink, seconds: Int, names: SampleNames = SampleNames(), ending: Bool = true
  ) throws {
    try sink.begin(session)
    var loss = Loss()
    for second in 0..<seconds {
      var batch = DropBatch()
      batch.clock = clock
      let start = Double(second)
      let drops = UInt64(5 + second)
      for number in 0..<drops {
        append(
          udp, at: start + Double(number) / 100, owner: number == 0 ? nil : owner,
          stack: number == 0 ? [] : [0xffff_ffff_8100_0000 + number % 2, 0xffff_ffff_8100_0030],
          to: &batch.packets)
      }
      try sink.take(batch, names: names)
      batch.packets.removeAll()
      batch.tallies = [
        tally(udp, drops, at: start), tally(queued, 2, at: start), tally(trap, 1, at: start),
      ]
      loss.seen += drops + 4
      loss.tallied += drops + 3
      loss.excluded += 1
      loss.offered += drops
      loss.delivered += drops
      batch.loss = loss
      try sink.take(batch, names: names)
      try sink.show(
        report(at: start + 1, loss, isLast: second == seconds - 1),
        notes: second == 1 ? ["a note"] : [])
    }
    if ending { try sink.end(summary(at: Double(seconds))) }
  }
}
