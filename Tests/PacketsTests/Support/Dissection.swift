import Bytes
import DropLab
import DropModel
import Glibc
import Packets

/// What a dissector says about a packet: tshark's fields and all their values, outermost first.
struct Dissection: Equatable {
  private(set) var fields: [String: [String]] = [:]

  /// The fields that are compared.
  static let names = [
    "eth.src", "eth.dst", "vlan.id", "ieee8021ad.id", "arp.opcode", "arp.src.proto_ipv4",
    "arp.dst.proto_ipv4",
    "ip.src", "ip.dst", "ip.proto", "ip.ttl", "ip.len", "ip.frag_offset",
    "ip.flags.mf", "ipv6.src", "ipv6.dst", "ipv6.hlim", "ipv6.plen", "ipv6.fraghdr.offset",
    "ipv6.fraghdr.ident", "tcp.srcport", "tcp.dstport", "tcp.flags", "tcp.seq_raw", "tcp.ack_raw",
    "tcp.window_size_value", "tcp.hdr_len", "tcp.len", "udp.srcport", "udp.dstport", "udp.length",
    "icmp.type", "icmp.code", "icmp.ident", "icmp.seq", "icmpv6.type", "icmpv6.code", "igmp.type",
    "sctp.srcport", "sctp.dstport", "sctp.chunk_type", "gre.key", "vxlan.vni", "geneve.vni",
    "mpls.label", "esp.spi", "esp.sequence", "wg.type", "ah.next_header",
  ]

  /// What tshark(1) says about each packet, all of one link type.
  static func byTshark(
    _ packets: [[UInt8]], _ linkType: PcapWriter.LinkType
  ) throws -> [Dissection] {
    var file = PcapWriter(linkType)
    for packet in packets { file.append(at: .now) { $0 += packet } }
    let path = "/tmp/dropwatch-packets-\(getpid())-\(linkType).pcap"
    defer { unsafe _ = unlink(path) }
    let descriptor = unsafe open(path, O_CREAT | O_TRUNC | O_WRONLY, 0o600)
    guard descriptor >= 0 else { throw LabError(errnoOf: "make \(path)") }
    defer { close(descriptor) }
    var buffer = TextBuffer()
    buffer.append(file.bytes.span)
    try buffer.write(to: descriptor)

    let preferences = [
      "ip.defragment:FALSE", "ipv6.defragment:FALSE", "tcp.desegment_tcp_streams:FALSE",
      "tcp.analyze_sequence_numbers:FALSE", "tcp.relative_sequence_numbers:FALSE",
    ]
    let output = try Command.run(
      ["tshark", "-n", "-r", path, "-d", "udp.port==8472,vxlan", "-T", "fields"]
        + preferences.flatMap { ["-o", $0] } + names.flatMap { ["-e", $0] },
      milliseconds: 120_000)
    return output.split(separator: "\n", omittingEmptySubsequences: false).prefix(packets.count)
      .map { Dissection(line: $0) }
  }

  private init(line: Substring) {
    let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
    for (name, column) in zip(Self.names, columns) where !column.isEmpty {
      fields[name] = column.split(separator: ",").map { Self.decimal(String($0)) }
    }
    // Ours is the number behind the authentication header.
    if let next = fields.removeValue(forKey: "ah.next_header")?.first {
      fields["ip.proto"] = fields["ip.proto"]?.map { $0 == "51" ? next : $0 }
    }
  }

  /// Hexadecimal numbers and truth values as decimal numbers; the rest as it is.
  private static func decimal(_ value: String) -> String {
    guard value.hasPrefix("0x"), let number = UInt64(value.dropFirst(2), radix: 16) else {
      return ["True": "1", "False": "0"][value] ?? value
    }
    return String(number)
  }

  /// What our decoder says.
  init(_ headers: PacketHeaders, in bytes: RawSpan) {
    var next: PacketHeaders? = headers
    while let layer = next {
      add(layer, in: bytes)
      next = layer.inner(in: bytes)
    }
  }

  /// Adds a value to a field.
  mutating func add(_ name: String, _ value: some CustomStringConvertible) {
    fields[name, default: []].append(value.description)
  }

  /// Adds a value that is text in the program's own notation.
  mutating func add(_ name: String, _ body: (inout TextBuffer) -> Void) {
    var text = TextBuffer(capacity: 64)
    body(&text)
    add(name, text.text)
  }
}
