internal import CLibPcap

/// An expression as tcpdump knows them (pcap-filter(7)), compiled by libpcap.
///
/// It is made for packets that begin with an Ethernet header. Those that have none get one of zeros
/// with their ethertype, so that one program serves both. Packets that are not of the network (of
/// unix or netlink sockets) have neither, and match no expression.
package struct PacketFilter: Equatable, Sendable {
  /// As the user wrote it.
  package let expression: String
  private let compiled: [clibpcap_instruction]

  /// Compiles an expression; nil if it is blank, which asks for everything.
  ///
  /// A host's name is looked up here, once, and may take as long as the resolver does.
  package init?(_ expression: String) throws(FilterError) {
    guard expression.contains(where: { !$0.isWhitespace }) else { return nil }
    self.expression = expression
    var count: UInt32 = 0
    var reason = [CChar](repeating: 0, count: 512)
    guard
      let instructions = unsafe clibpcap_compile(
        expression, &count, &reason, UInt(reason.count))
    else {
      let text = String(
        decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      throw .expression(expression, reason: text)
    }
    compiled = unsafe [clibpcap_instruction](
      UnsafeBufferPointer(start: instructions, count: Int(count)))
    unsafe clibpcap_free(instructions)
  }

  /// A program that libpcap did not write but that ends and jumps only forwards, for tests.
  init(program: [ClassicInstruction]) {
    expression = ""
    compiled = program.map(\.libpcaps)
  }

  /// What libpcap made of it.
  package var program: [ClassicInstruction] { compiled.map(ClassicInstruction.init) }

  /// Whether a packet matches, by libpcap's own interpreter.
  ///
  /// `bytes` are the packet's first of `originalLength`; `ethertype` is used if they do not begin
  /// with a link header. What lies beyond `bytes` cannot match, as in a file that was cut.
  package func matches(
    _ bytes: RawSpan, originalLength: UInt32, hasLinkHeader: Bool, ethertype: UInt16
  ) -> Bool {
    guard hasLinkHeader || ethertype != 0 else { return false }
    // Safe: the pointer does not leave the closure, and nobody reads behind `count`.
    return unsafe bytes.withUnsafeBytes { bytes in
      unsafe clibpcap_matches(
        compiled, bytes.baseAddress, UInt32(clamping: bytes.count), originalLength,
        hasLinkHeader ? 0 : ethertype) != 0
    }
  }

  package static func == (one: PacketFilter, other: PacketFilter) -> Bool {
    one.expression == other.expression && one.program == other.program
  }
}
