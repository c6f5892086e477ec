internal import Bytes
package import DropModel

extension TextBuffer {
  /// Appends an address: dotted, or as RFC 5952 wants it.
  package mutating func append(_ address: IPAddress) {
    if address.isIPv6 {
      append(v6: address)
    } else {
      append(v4: UInt32(truncatingIfNeeded: address.low))
    }
  }

  /// Appends an address and a port: "10.0.0.1:53", "[2001:db8::1]:53".
  package mutating func append(_ address: IPAddress, port: UInt16) {
    if address.isIPv6 {
      append("[")
      append(v6: address)
      append("]:")
    } else {
      append(v4: UInt32(truncatingIfNeeded: address.low))
      append(":")
    }
    append(decimal: port)
  }

  private mutating func append(v4 address: UInt32) {
    appendInPlace(atMost: 15) { room in
      var written = 0
      var shift: UInt32 = 32
      while shift > 0 {
        shift &-= 8
        var rest = UInt8(truncatingIfNeeded: address >> shift)
        if rest >= 10 {
          if rest >= 100 {
            room[written] = UInt8(ascii: "0") &+ rest / 100
            written &+= 1
            rest %= 100
          }
          room[written] = UInt8(ascii: "0") &+ rest / 10
          written &+= 1
          rest %= 10
        }
        room[written] = UInt8(ascii: "0") &+ rest
        written &+= 1
        if shift > 0 {
          room[written] = UInt8(ascii: ".")
          written &+= 1
        }
      }
      return written
    }
  }

  /// RFC 5952: no zeros in front, the longest run of zero groups as `::`, the first if there are
  /// several, never for a single one; an IPv4 address in it (::ffff:0:0/96) stays dotted.
  private mutating func append(v6 address: IPAddress) {
    if address.high == 0, address.low >> 32 == 0xFFFF {
      append("::ffff:")
      return append(v4: UInt32(truncatingIfNeeded: address.low))
    }
    let zeros = Self.longestZeroRun(address)
    var group = 0
    while group < 8 {
      if group == zeros.lowerBound, !zeros.isEmpty {
        append("::")
        group = zeros.upperBound
        continue
      }
      if group > 0, group != zeros.upperBound || zeros.isEmpty { append(":") }
      append(hex: UInt64(Self.group(group, of: address)))
      group += 1
    }
  }

  private static func group(_ index: Int, of address: IPAddress) -> UInt16 {
    let half = index < 4 ? address.high : address.low
    return UInt16(truncatingIfNeeded: half >> UInt64(16 * (3 - index & 3)))
  }

  /// Groups of zero, at least two; empty if there is no such run.
  private static func longestZeroRun(_ address: IPAddress) -> Range<Int> {
    var longest = 0..<0
    var start = 0
    for index in 0..<8 {
      if group(index, of: address) != 0 {
        start = index + 1
      } else if index + 1 - start > max(longest.count, 1) {
        longest = start..<index + 1
      }
    }
    return longest
  }
}

extension IPAddress {
  /// "10.0.0.1", "2001:db8::1".
  package var text: String {
    var text = TextBuffer(capacity: 48)
    text.append(self)
    return text.text
  }
}
