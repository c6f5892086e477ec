import CDropLab
import Glibc

/// A TCP connection between two namespaces of a lab, over which bytes are pushed until they arrive.
///
/// Client and server are the kernel's own TCP, so that what is lost is sent again as in real life.
package struct TCPStream {
  private let lab: Lab
  private let listener: LabSocket
  private let client: LabSocket
  private var server: LabSocket?

  /// Begins to connect namespace `a` to `b`, port 8080; `accept()` ends the handshake.
  ///
  /// Each send is a segment of its own (TCP_NODELAY), as long as it fits.
  package init(
    _ lab: Lab, from a: LabNamespace, to b: LabNamespace, address: IPAddress = .b
  ) throws {
    self.lab = lab
    listener = try LabSocket(lab, b, .tcp, ipv6: address.isIPv6).bind(address, 8_080)
    try listener.listen()
    client = try LabSocket(lab, a, .tcp, ipv6: address.isIPv6)
    // IPPROTO_TCP is 6, TCP_NODELAY is 1.
    try client.option(6, 1, 1)
    try client.connect(address, 8_080)
  }

  /// Takes the connection at the server, for which it waits a few seconds.
  package mutating func accept() throws {
    _ = dwlab_wait_readable(listener.descriptor.number, 4_000)
    server = try listener.accept(lab)
  }

  /// Sends so many chunks and reads them at the other end; throws if they are not there in time.
  package func transfer(chunks: Int, of size: Int = 1000, milliseconds: Int = 8_000) throws {
    guard let server else { throw LabError("nobody has taken the connection") }
    let chunk = [UInt8](repeating: 0x78, count: size)
    let clock = ContinuousClock()
    let end = clock.now + .milliseconds(milliseconds)
    var (unsent, unread) = (chunks * size, chunks * size)
    while unread > 0 {
      guard clock.now < end else { throw LabError("\(unread) bytes have not arrived in time") }
      // What was taken of a chunk counts: the rest of it begins the next.
      while unsent > 0 {
        let taken = client.send(Array(chunk.prefix(min(unsent, size))))
        guard taken > 0 else { break }
        unsent -= taken
      }
      _ = dwlab_wait_readable(server.descriptor.number, 5)
      var count = server.receive()
      while count > 0 {
        unread -= count
        count = server.receive()
      }
    }
  }
}

extension LabNamespace {
  /// A counter of /proc/net/snmp or netstat, as nstat(8) names it: "TcpRetransSegs", "TcpExtTCPRetransFail".
  package func counter(_ name: String) throws -> UInt64 {
    for file in ["snmp", "netstat"] {
      let lines = try read("/proc/thread-self/net/\(file)").split(separator: "\n")
      for (names, values) in zip(lines, lines.dropFirst()) {
        let (names, values) = (names.split(separator: " "), values.split(separator: " "))
        guard names.first == values.first, let family = names.first?.dropLast() else { continue }
        for (field, value) in zip(names, values).dropFirst() where "\(family)\(field)" == name {
          if let number = UInt64(value) { return number }
        }
      }
    }
    throw LabError("there is no counter \(name)")
  }

  /// How many packets the rules of a table have counted, all added up.
  package func ruleHits() throws -> UInt64 {
    let text = try inside { try Command.run(["nft", "list", "ruleset"]) }
    let words = text.split { $0 == " " || $0 == "\n" }
    return zip(words, words.dropFirst()).filter { $0.0 == "packets" }
      .reduce(0) { $0 + (UInt64($1.1) ?? 0) }
  }
}
