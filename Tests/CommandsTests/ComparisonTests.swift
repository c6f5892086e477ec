import DropLab
import Glibc
import Testing

/// The original dropwatch (Debian's 1.5.4) and ours on the same drops of the same kernel.
///
/// Ours must be right; what the original does is measured and written, as the table of
/// docs/comparison.md, to the folder `$OUT` where there is one.
@Suite(
  .serialized, .enabled(if: NetDM.isAvailable && geteuid() == 0, Comment(rawValue: NetDM.reason)),
  .enabled(if: Original.isInstalled, "the original dropwatch is not installed"))
struct ComparisonTests {
  private static let drops = 5000
  /// What a datagram is long on the wire that is told from all others by this.
  private static let length = 42 + 777

  @Test func `beside the original on the same drops`() throws {
    let port = try ClosedPort()
    var table = ComparisonTable()

    let summary = try Contestant.allCases.map {
      try $0.watch(["start"], stoppingAfter: 3) { try port.drop(Self.drops, payload: 777) }
    }
    table.add("drops shown of 5,000, summary mode", summary.map { "\($0.largestSite)" })
    for ours in summary.dropFirst() {
      #expect(ours.largestSite == Self.drops, "\(ours.lines.suffix(30))")
    }

    let packets = try Contestant.allCases.map {
      try $0.watch(["set alertmode packet", "start"], stoppingAfter: 3) {
        try port.drop(Self.drops, payload: 777)
      }
    }
    table.add(
      "packets shown of 5,000, packet mode", packets.map { "\($0.packets(of: Self.length))" })
    for ours in packets.dropFirst() { #expect(ours.packets(of: Self.length) == Self.drops) }
    table.add(
      "what it says of the others",
      packets.map { $0.lines.first { $0.hasPrefix("Tail dropped:") } ?? "nothing" })

    let last = try Contestant.allCases.map {
      try $0.watch(["start"], stoppingAfter: 0) { try port.drop(50) }
    }
    table.add(
      "drops shown of 50 in the last second before Ctrl-C", last.map { "\($0.largestSite)" })
    for ours in last.dropFirst() { #expect(ours.largestSite == 50) }

    let files = try [Original.dwdump, "dwdump"].map { try Self.packets(dumpedBy: $0, port) }
    table.add("packets in dwdump's file of 5,000", files.map { "\($0)" })
    #expect(files[1] == Self.drops)

    for (name, signal) in [("kill -9", SIGKILL), ("SIGTERM", SIGTERM)] {
      let left = try Contestant.allCases.map { try $0.isLeftOn(after: signal) }
      table.add(
        "what \(name) leaves in the kernel", left.map { $0 ? "monitoring, for ever" : "nothing" })
      #expect(!left[1] && !left[2])
    }

    let statuses = try Contestant.allCases.map { try $0.statusWhenTaken() }
    table.add("exit status when another one monitors", statuses.map { "\($0)" })
    #expect(statuses[1] == 2 && statuses[2] == 0)

    try table.write()
  }

  /// Has a dwdump capture 5,000 packets; the number in its file that are ours.
  private static func packets(dumpedBy program: String, _ port: ClosedPort) throws -> Int {
    let file = "/tmp/dwlab-\(getpid()).pcap"
    defer { unsafe _ = unlink(file) }
    let dump = try Program(["-o", "sw", "-w", file], of: program)
    usleep(2_000_000)
    try port.drop(drops, payload: 777)
    usleep(3_000_000)
    dump.signal(SIGINT)
    _ = try dump.exitStatus(milliseconds: 20_000)
    let lengths = try Command.run(
      ["tshark", "-r", file, "-T", "fields", "-e", "net_dm.orig_len"], milliseconds: 120_000)
    return lengths.split(separator: "\n").count { $0 == "\(length)" }
  }
}

/// The programs that are compared.
private enum Contestant: CaseIterable {
  case original, netdm, ebpf

  private var program: String { self == .original ? Original.dropwatch : "dropwatch" }
  private var arguments: [String] {
    switch self {
    case .original: ["-l", "kas"]
    case .netdm: ["-l", "kas", "--source", "netdm"]
    case .ebpf: ["-l", "kas"]
    }
  }

  /// Starts it at a terminal, as its users do, and has it do something.
  func start(_ commands: [String] = ["start"]) throws -> Program {
    let program = try Program(arguments, of: program, on: .terminal)
    for command in commands {
      try program.wait(for: "dropwatch> ")
      program.type(command + "\r")
    }
    try program.wait(for: "Issue Ctrl-C to stop monitoring")
    return program
  }

  /// All that it writes from the start to its end, `seconds` after something was dropped.
  func watch(
    _ commands: [String], stoppingAfter seconds: Double, _ drop: () throws -> Void
  ) throws -> Transcript {
    let program = try start(commands)
    try drop()
    program.drain(milliseconds: Int(seconds * 1000))
    program.type("\u{3}")
    program.drain(milliseconds: 2000)
    program.type("stats\r")
    program.drain(milliseconds: 1000)
    program.type("exit\r")
    _ = try program.exitStatus(milliseconds: 20_000)
    return Transcript(program.output)
  }

  /// Whether the kernel goes on monitoring after the program was sent a signal.
  func isLeftOn(after signal: Int32) throws -> Bool {
    let program = try start()
    program.signal(signal)
    _ = try program.exitStatus()
    // The guard needs a moment.
    usleep(500_000)
    let next = try Program(["watch", "--source", "netdm", "--duration", "1ms"])
    let isLeftOn = try next.exitStatus() == 2
    if isLeftOn {
      #expect(
        next.errors.contains("nobody listens to it: a process that was killed has left it on"))
      let cleaning = try Program(
        ["watch", "--source", "netdm", "--take-over", "--duration", "1ms"])
      #expect(try cleaning.exitStatus() == 0)
    }
    return isLeftOn
  }

  /// Its exit status when it is to start while another one has the monitor.
  func statusWhenTaken() throws -> Int32 {
    let other = try Contestant.netdm.start()
    defer {
      other.type("\u{3}")
      other.drain(milliseconds: 2000)
      other.type("exit\r")
      _ = try? other.exitStatus()
    }
    let program = try Program(arguments, of: program)
    program.type("start\nexit\n")
    return try program.exitStatus(milliseconds: 30_000)
  }
}

/// Rows of measurements, a column for each contestant.
private struct ComparisonTable {
  private var rows: [[String]] = [
    ["on one kernel, at the prompt", "dropwatch 1.5.4", "ours, NET_DM", "ours, eBPF"],
    ["---", "---", "---", "---"],
  ]

  mutating func add(_ name: String, _ values: [String]) {
    rows.append([name] + values + [String](repeating: "–", count: 3 - values.count))
  }

  /// Writes it to `$OUT/comparison.md`, and to standard output for the log.
  func write() throws {
    let text = rows.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
    print(text)
    guard let folder = unsafe getenv("OUT") else { return }
    let path = unsafe String(cString: folder) + "/comparison.md"
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    defer { close(file) }
    let bytes = Array(text.utf8)
    try #require(unsafe Glibc.write(file, bytes, bytes.count) == bytes.count)
  }
}

/// Where Debian's package has the original.
private enum Original {
  static let dropwatch = "/usr/bin/dropwatch"
  static let dwdump = "/usr/bin/dwdump"
  static let isInstalled = unsafe access(dropwatch, X_OK) == 0 && access(dwdump, X_OK) == 0
}

extension Transcript {
  /// Drops at the site that had most of them, over all its lines.
  fileprivate var largestSite: Int {
    var counts: [Substring: Int] = [:]
    for line in sites {
      // A terminal shows the Ctrl-C that was typed where the cursor stands.
      let words = line.drop { "^C".contains($0) }.split(separator: " ")
      guard words.count > 3, let drops = Int(words[0]) else { continue }
      counts[words[3], default: 0] += drops
    }
    return counts.values.max() ?? 0
  }
}
