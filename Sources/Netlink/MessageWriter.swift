internal import Bytes

/// Builds one message.
package struct MessageWriter {
  /// The message so far, its length right at any time.
  package private(set) var bytes: [UInt8] = []
  /// The number that answers will bear.
  package let sequence: UInt32

  /// Begins a message; the kernel takes the sender's port from the socket.
  package init(type: UInt16, flags: UInt16, sequence: UInt32) {
    self.init(type: type, flags: flags, sequence: sequence, port: 0)
  }

  /// Copies a message that was received; its padding at the end is not part of it.
  init(_ message: borrowing Message) {
    let header = message.header
    self.init(
      type: header.type, flags: header.flags, sequence: header.sequence, port: header.port)
    var reader = message.payload
    while let byte = try? reader.read(UInt8.self) { bytes.append(byte) }
    setLength()
  }

  private init(type: UInt16, flags: UInt16, sequence: UInt32, port: UInt32) {
    self.sequence = sequence
    append(UInt32(0))
    append(type)
    append(flags)
    append(sequence)
    append(port)
    setLength()
  }

  /// Begins a message with what its protocol lays down behind the header, in whole multiples of four.
  package init(type: UInt16, flags: UInt16, sequence: UInt32, payload: [UInt8]) {
    self.init(type: type, flags: flags, sequence: sequence)
    bytes += payload
    setLength()
  }

  /// Begins a generic netlink message: `struct genlmsghdr` follows (linux/genetlink.h).
  package init(family: GenericFamily, command: UInt8, flags: UInt16, sequence: UInt32) {
    self.init(type: family.number, flags: flags, sequence: sequence)
    bytes += [command, UInt8(truncatingIfNeeded: family.version), 0, 0]
    setLength()
  }

  /// Adds bare text, ended by a byte 0 and padded, for a message without attributes.
  package mutating func append(text: String) {
    bytes += Array(text.utf8) + [0]
    bytes += [UInt8](repeating: 0, count: padding(bytes.count))
    setLength()
  }

  /// Adds an integer in the machine's byte order.
  package mutating func attribute(_ type: UInt16, _ value: some FixedWidthInteger) {
    add(type) { $0.append(value) }
  }

  /// Adds text, ended by a byte 0.
  package mutating func attribute(_ type: UInt16, text: String) {
    add(type) { $0.bytes += Array(text.utf8) + [0] }
  }

  /// Adds bytes as they are; none for a flag, which is true by being there.
  package mutating func attribute(_ type: UInt16, bytes value: [UInt8] = []) {
    add(type) { $0.bytes += value }
  }

  /// Adds the attributes that `body` adds, inside of one.
  package mutating func attribute(_ type: UInt16, nested body: (inout MessageWriter) -> Void) {
    add(type, body)
  }

  /// A value of more than 65,531 bytes cannot be written: nobody here has one.
  private mutating func add(_ type: UInt16, _ body: (inout MessageWriter) -> Void) {
    let start = bytes.count
    append(UInt16(0))
    append(type)
    body(&self)
    let length = UInt16(bytes.count - start)
    for (offset, byte) in Self.bytes(of: length).enumerated() { bytes[start + offset] = byte }
    bytes += [UInt8](repeating: 0, count: padding(Int(length)))
    setLength()
  }

  private mutating func append(_ value: some FixedWidthInteger) { bytes += Self.bytes(of: value) }

  private mutating func setLength() {
    for (offset, byte) in Self.bytes(of: UInt32(bytes.count)).enumerated() { bytes[offset] = byte }
  }

  /// An integer in the machine's byte order.
  package static func bytes<Value: FixedWidthInteger>(of value: Value) -> [UInt8] {
    let size = Value.bitWidth / 8
    return (0..<size).map { index in
      let place = ByteOrder.host == .little ? index : size - 1 - index
      return UInt8(truncatingIfNeeded: value >> (place * 8))
    }
  }
}
