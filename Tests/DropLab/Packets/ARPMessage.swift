/// An ARP message for IPv4 over Ethernet (RFC 826).
package struct ARPMessage: Sendable {
  /// 1 asks, 2 answers.
  package var operation: UInt16
  /// The sender's hardware and protocol address.
  package var sender: (MACAddress, IPAddress)
  /// The target's hardware and protocol address.
  package var target: (MACAddress, IPAddress)

  /// A request from va for an address.
  package init(
    operation: UInt16 = 1, sender: (MACAddress, IPAddress) = (.a, .a),
    target: (MACAddress, IPAddress) = (MACAddress(bytes: [0, 0, 0, 0, 0, 0]), .b)
  ) {
    self.operation = operation
    self.sender = sender
    self.target = target
  }

  /// The message, to be put into a frame of type 0x0806.
  package var bytes: [UInt8] {
    var message = ByteBuilder()
    message.add(UInt16(1))
    message.add(UInt16(0x0800))
    message.add(UInt8(6))
    message.add(UInt8(4))
    message.add(operation)
    for (mac, address) in [sender, target] {
      message.add(mac.bytes)
      message.add(address.bytes)
    }
    return message.bytes
  }
}
