import Bytes
import Diagnosis
import DropModel
import Export
import Glibc
import Testing

/// A pipe that a sink writes into and a test reads.
final class Pipe {
  let writing: Int32
  private let reading: Int32

  init() {
    var ends: [Int32] = [0, 0]
    unsafe pipe(&ends)
    (reading, writing) = (ends[0], ends[1])
  }

  /// All that was written, after which nobody can write any more.
  func lines() -> [String] {
    close(writing)
    defer { close(reading) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while case let count = unsafe read(reading, &buffer, buffer.count), count > 0 {
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}

/// One report as every sink gets it.
enum Sample {
  static let session = Session(
    version: "0.1.0",
    source: SourceDescription(name: "ebpf", mechanism: "tp_btf", blindSpots: ["a \"blind\" spot"]),
    kernel: "6.18.44", host: "web1", started: WallTime(nanoseconds: 1_795_861_461_123_456_789))

  static var report: Report {
    var ledger = Ledger()
    var batch = DropBatch()
    let key = DropKey(
      site: 0xffff_ffff_81b1_dca5, reason: 3, namespace: 4_026_532_281, interfaceIndex: 2,
      ethertype: 0x0800, transport: 17)
    let time = MonotonicTime(nanoseconds: 1)
    batch.tallies = [
      Tally(
        key: key, counts: Counts(drops: 25, bytes: 1050, segments: 30), first: time, last: time),
      Tally(
        key: DropKey(site: 0xffff_ffff_81b1_0000), counts: Counts(drops: 1), first: time,
        last: time),
    ]
    batch.loss = Loss(seen: 38, tallied: 26, excluded: 12)
    ledger.add(batch)
    let rows = Ranking().rows(of: ledger, includesIdle: false) { key in
      key.reason == 0
        ? Drop(site: DropSite(address: key.site))
        : Drop(
          reason: DropReason(subsystem: "core", name: "NO_SOCKET"),
          site: DropSite(
            address: key.site, symbol: "__udp4_lib_rcv", offset: 1212, size: 4000),
          namespace: NetworkNamespace(inode: key.namespace, name: "red"),
          device: Device(index: 2, name: "veth0"), networkProtocol: "ipv4", transport: "udp")
    }
    return Report(
      time: session.started, interval: .seconds(1), rows: rows, drops: 26, loss: ledger.loss,
      isLast: false)
  }

  static let summary = Summary(
    time: session.started, duration: .seconds(10), drops: 26, sites: 2,
    loss: Loss(seen: 26, tallied: 26), totals: Rows(rows: []), processorPercent: 0.4)
}

struct SinkTests {
  @Test func `JSON lines are what docs output md promises`() throws {
    let pipe = Pipe()
    let sink = JSONLines(descriptor: pipe.writing)
    try sink.begin(Sample.session)
    try sink.show(Sample.report, notes: ["no symbols"])
    try sink.end(Sample.summary)
    #expect(
      pipe.lines() == [
        #"{"type":"session","schema":1,"version":"0.1.0","source":"ebpf","mechanism":"tp_btf","kernel":"6.18.44","host":"web1","started":"2026-11-28T10:24:21.123456Z","filter":null,"blind":["a \"blind\" spot"]}"#,
        #"{"type":"note","time":"2026-11-28T10:24:21.123456Z","text":"no symbols"}"#,
        #"{"type":"tally","time":"2026-11-28T10:24:21.123456Z","interval_s":1.000,"drops":25,"bytes":1050,"segments":30,"total":25,"reason":"NO_SOCKET","subsystem":"core","severity":"suspicious","site":{"symbol":"__udp4_lib_rcv","offset":1212,"address":"0xffffffff81b1dca5","module":null,"file":null,"line":null},"netns":{"inode":4026532281,"name":"red"},"device":{"index":2,"name":"veth0"},"protocol":"ipv4","transport":"udp"}"#,
        #"{"type":"tally","time":"2026-11-28T10:24:21.123456Z","interval_s":1.000,"drops":1,"bytes":0,"segments":0,"total":1,"site":{"symbol":null,"address":"0xffffffff81b10000","module":null,"file":null,"line":null}}"#,
        #"{"type":"loss","seen":38,"tallied":26,"overflowed":0,"filtered":0,"excluded":12,"offered":0,"delivered":0,"limited":0,"lost":0,"missed":0}"#,
        #"{"type":"summary","time":"2026-11-28T10:24:21.123456Z","duration_s":10.000,"drops":26,"sites":2,"cost":{"cpu_percent":0.40}}"#,
      ])
  }

  @Test func `a hardware drop has its trap and no site, a queue's drop its queueing discipline`()
    throws
  {
    var ledger = Ledger()
    var batch = DropBatch()
    let time = MonotonicTime(nanoseconds: 1)
    for key in [DropKey(site: 0, reason: 0xFFFF_0001), DropKey(site: 1, qdisc: 1)] {
      batch.tallies.append(
        Tally(key: key, counts: Counts(drops: 5), first: time, last: time))
    }
    ledger.add(batch)
    let port = Device(index: 2, name: "swp1")
    let rows = Ranking(order: .name).rows(of: ledger, includesIdle: false) { key in
      let trap = DropReason(
        subsystem: "hardware", name: "blackhole_route", group: "l3_drops")
      return key.isHardware
        ? Drop(reason: trap, site: DropSite(address: 0, trap: trap), device: port)
        : Drop(
          reason: DropReason(subsystem: "qdisc", name: "OVERLIMIT"),
          site: DropSite(address: 255), device: port,
          qdisc: Qdisc(kind: "fq", handle: 0, parent: 0x8001_0002))
    }
    let pipe = Pipe()
    let sink = JSONLines(descriptor: pipe.writing)
    try sink.show(
      Report(
        time: Sample.session.started, interval: .seconds(1), rows: rows, drops: 10,
        loss: ledger.loss, isLast: false), notes: [])
    let head =
      #"{"type":"tally","time":"2026-11-28T10:24:21.123456Z","interval_s":1.000,"drops":5,"bytes":0,"segments":0,"total":5,"#
    #expect(
      Array(pipe.lines().prefix(2)) == [
        head
          + #""reason":"OVERLIMIT","subsystem":"qdisc","severity":"harmful","site":{"symbol":null,"address":"0xff","module":null,"file":null,"line":null},"device":{"index":2,"name":"swp1"},"qdisc":{"kind":"fq","handle":"0:","parent":"8001:2"}}"#,
        head
          + #""reason":"blackhole_route","subsystem":"hardware","group":"l3_drops","severity":"suspicious","device":{"index":2,"name":"swp1"}}"#,
      ])
  }

  @Test func `classic lines are the original's`() throws {
    let (output, diagnostics) = (Pipe(), Pipe())
    let sink = ClassicLines(descriptor: output.writing, diagnostics: diagnostics.writing)
    try sink.begin(Sample.session)
    try sink.show(Sample.report, notes: ["no symbols"])
    try sink.end(Sample.summary)
    #expect(
      output.lines() == [
        "25 drops at __udp4_lib_rcv+4bc (0xffffffff81b1dca5) [software]",
        "1 drops at location 0xffffffff81b10000 [software]",
      ])
    #expect(
      diagnostics.lines() == [
        "dropwatch: no symbols", "dropwatch: seen 26 = tallied 26; missed 0",
      ])
  }

  @Test(arguments: [
    (Loss(seen: 5, tallied: 5), "seen 5 = tallied 5; missed 0"),
    (
      Loss(seen: 1_234_567, tallied: 1_000_000, overflowed: 234_560, excluded: 7, missed: 3),
      "seen 1,234,567 = tallied 1,000,000 + overflowed 234,560 + excluded 7; missed 3"
    ),
    (
      Loss(seen: 9, tallied: 9, offered: 9, delivered: 5, limited: 3, lost: 1),
      "seen 9 = tallied 9; packets offered 9 = delivered 5 + limited 3 + lost 1; missed 0"
    ),
  ])
  func `an account is one line`(loss: Loss, line: String) {
    var text = TextBuffer()
    text.append(account: loss)
    #expect(text.text == line)
  }
}
