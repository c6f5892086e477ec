internal import Bytes

/// What a packet's record in a chunk begins with, as it stands there.
struct PacketHeader {
  let time: UInt64
  let key: UInt32
  let owner: UInt32
  let stack: UInt32
  let length: UInt32
  let originalLength: UInt32
  let segments: UInt32
  let ingressIndex: UInt32
  let captured: UInt32
  let networkOffset: UInt16
  let transportOffset: UInt16
  let flags: PacketChunk.Flags
  let ownerFamily: UInt8
  let ownerTransport: UInt8
  let ownerState: UInt8
  let ownerCookie: UInt64

  init(_ reader: inout ByteReader) throws(ByteReaderError) {
    var fields = try reader.readReader(PacketChunk.headerBytes)
    time = try fields.read()
    key = try fields.read()
    owner = try fields.read()
    stack = try fields.read()
    length = try fields.read()
    originalLength = try fields.read()
    segments = try fields.read()
    ingressIndex = try fields.read()
    captured = try fields.read()
    networkOffset = try fields.read()
    transportOffset = try fields.read()
    flags = PacketChunk.Flags(rawValue: try fields.read())
    ownerFamily = try fields.read()
    ownerTransport = try fields.read()
    ownerState = try fields.read()
    ownerCookie = try fields.read()
  }
}
