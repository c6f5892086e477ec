internal import Bytes
package import DropModel

/// A message of ARP for IPv4 over Ethernet (RFC 826).
package struct ARPHeader: Equatable, Sendable, BitwiseCopyable {
  /// 1 asks, 2 answers.
  package var operation: UInt16
  package var senderHardware: HardwareAddress
  package var targetHardware: HardwareAddress
  private var senderNumber: UInt32
  private var targetNumber: UInt32

  package var sender: IPAddress { IPAddress(v4: senderNumber) }
  package var target: IPAddress { IPAddress(v4: targetNumber) }

  /// Nil if it is for other kinds of addresses.
  init?(_ reader: inout ByteReader) throws(ByteReaderError) {
    let hardware: UInt16 = try reader.read(.big)
    let network: UInt16 = try reader.read(.big)
    let sizes: UInt16 = try reader.read(.big)
    operation = try reader.read(.big)
    // 6 is IEEE 802, as some devices call themselves.
    guard hardware == 1 || hardware == 6, network == 0x0800, sizes == 0x0604 else { return nil }
    senderHardware = try HardwareAddress(&reader)
    senderNumber = try reader.read(.big)
    targetHardware = try HardwareAddress(&reader)
    targetNumber = try reader.read(.big)
  }
}

extension TextBuffer {
  /// Appends "ARP who-has 10.0.0.2 tell 10.0.0.1" or "ARP 10.0.0.2 is-at 02:00:00:00:0b:01".
  mutating func append(_ arp: ARPHeader) {
    append("ARP ")
    switch arp.operation {
    case 1:
      append("who-has ")
      append(arp.target)
      append(" tell ")
      append(arp.sender)
    case 2:
      append(arp.sender)
      append(" is-at ")
      append(arp.senderHardware)
    default:
      append("operation ")
      append(decimal: arp.operation)
      append(" ")
      append(arp.sender)
      append(" > ")
      append(arp.target)
    }
  }
}
