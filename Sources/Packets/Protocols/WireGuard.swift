internal import Bytes

/// A message of WireGuard (<https://www.wireguard.com/protocol/>), known by its shape: it may be
/// sent to any port.
package enum WireGuardMessage: UInt8, Sendable, BitwiseCopyable {
  case initiation = 1
  case response
  case cookie
  case data

  /// Looks at the beginning of a datagram with so many bytes behind its header; nil if it is
  /// something else.
  @inline(__always)
  static func recognize(_ reader: borrowing ByteReader, length: Int) -> WireGuardMessage? {
    // Most datagrams are done with here.
    guard length >= 32, let first = reader.next, first >= 1, first <= 4 else { return nil }
    return recognizeWhole(ByteReader(reader.rest), length: length)
  }

  private static func recognizeWhole(
    _ reader: consuming ByteReader, length: Int
  ) -> WireGuardMessage? {
    var reader = reader
    guard let start = try? reader.read(UInt32.self), start <= 4,
      let message = WireGuardMessage(rawValue: UInt8(start))
    else { return nil }
    switch message {
    case .initiation: return length == 148 ? message : nil
    case .response: return length == 92 ? message : nil
    case .cookie: return length == 64 ? message : nil
    case .data:
      // Padded to 16 bytes, behind a counter which no session takes beyond 2⁴⁸: keys change after
      // two minutes.
      guard length % 16 == 0, (try? reader.skip(4)) != nil,
        let counter = try? reader.read(UInt64.self), counter < 1 << 48
      else { return nil }
      return message
    }
  }

  /// What it is for.
  var name: StaticString {
    switch self {
    case .initiation: "handshake initiation"
    case .response: "handshake response"
    case .cookie: "cookie reply"
    case .data: "data"
    }
  }
}
