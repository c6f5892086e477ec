import DropLab
import Glibc

/// `dwdump` writing to a file of its own, and what tshark makes of that.
final class DwdumpRun {
  let program: Program
  let path: String

  /// Starts it and waits until it captures.
  init(_ arguments: String..., path: String? = nil) throws {
    self.path = path ?? "/tmp/dwdump-test-\(getpid())-\(arguments.joined()).pcap"
    unsafe _ = unlink(self.path)
    program = try Program(["-w", self.path] + arguments, of: "dwdump")
    // The first record is written once the monitor is on.
    for _ in 0..<500 where size <= 24 {
      guard kill(program.process, 0) == 0 else { break }
      usleep(20_000)
    }
    guard size > 24 else {
      _ = try? program.exitStatus(milliseconds: 100)
      throw Program.Failure(description: "it does not begin: \(program.errors)")
    }
  }

  deinit { unsafe _ = unlink(path) }

  /// Bytes of the file.
  var size: Int {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Ends it by a signal; its exit status.
  func end(_ signal: Int32 = SIGINT) throws -> Int32 {
    program.signal(signal)
    return try program.exitStatus(milliseconds: 60_000)
  }

  /// How the account has it: "12 unreadable" for `unreadable`.
  func lost(_ what: String) -> Bool { !program.errors.contains(" 0 \(what)") }

  /// For each record that is the drop monitor's, the fields of it, by tshark(1).
  func dissected(_ fields: String...) throws -> [[String]] {
    try Self.tshark(path, "net_dm", fields)
  }

  /// For each record that passes a display filter, the values of its fields.
  static func tshark(_ path: String, _ filter: String, _ fields: [String]) throws -> [[String]] {
    let output = try Command.run(
      ["tshark", "-n", "-r", path, "-Y", filter, "-T", "fields"] + fields.flatMap { ["-e", $0] },
      milliseconds: 120_000)
    return output.split(separator: "\n").map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// The kernel's configuration, as `dwdump -q` tells it.
  static func query() throws -> String {
    let program = try Program(["-q"], of: "dwdump")
    _ = try program.exitStatus()
    return program.output
  }

  /// Whether the kernel's monitor is off: `-e` says so.
  static func isOff() throws -> Bool {
    let program = try Program(["-e"], of: "dwdump")
    _ = try program.exitStatus()
    return program.errors.contains("was off already")
  }
}
