/// A number that the kernel counts by itself, read inside a namespace.
package enum KernelCounter: Sendable {
  /// The receive drops of a device (`/proc/net/dev`), which include frames of unknown protocols.
  case receiveDrops(device: String)
  /// A field of `/proc/net/snmp` or `/proc/net/netstat`: `("Udp", "RcvbufErrors")`.
  case protocolField(String, String)
  /// A field of `/proc/net/snmp6`: `Udp6NoPorts`.
  case protocol6Field(String)

  /// The value now, in the namespace; throws if the kernel has no such counter.
  package func read(in namespace: LabNamespace) throws -> Int {
    let value =
      switch self {
      case .receiveDrops(let device):
        try Self.row("\(device):", of: try namespace.read("/proc/thread-self/net/dev"))
          .dropFirst(4).first.flatMap { Int($0) }
      case .protocolField(let group, let name):
        try Self.field(group, name, in: namespace)
      case .protocol6Field(let name):
        try Self.row(name, of: try namespace.read("/proc/thread-self/net/snmp6")).last
          .flatMap { Int($0) }
      }
    guard let value else { throw LabError("the kernel has no counter \(self)") }
    return value
  }

  /// The words of the line that begins with a word.
  private static func row(_ name: String, of text: String) throws -> [Substring] {
    for line in text.split(separator: "\n") {
      let words = line.split { $0 == " " || $0 == "\t" }
      if words.first.map(String.init) == name { return words }
    }
    throw LabError("no line \(name)")
  }

  /// The value under a name, in files whose lines come in pairs of names and values.
  private static func field(
    _ group: String, _ name: String, in namespace: LabNamespace
  ) throws -> Int? {
    for file in ["snmp", "netstat"] {
      let lines = try namespace.read("/proc/thread-self/net/" + file).split(separator: "\n")
        .filter { $0.hasPrefix(group + ":") }
      guard lines.count == 2 else { continue }
      let pair = lines.map { $0.split(separator: " ") }
      if let column = pair[0].firstIndex(of: Substring(name)), column < pair[1].count {
        return Int(pair[1][column])
      }
    }
    return nil
  }
}
