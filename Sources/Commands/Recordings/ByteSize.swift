internal import ArgumentParser
internal import Bytes

/// A number of bytes as written on the command line: `64K`, `100M`, `2G`, powers of 1,024.
struct ByteSize: Equatable, ExpressibleByArgument, CustomStringConvertible {
  let bytes: UInt64

  init(bytes: UInt64) { self.bytes = bytes }

  init?(argument: String) {
    let digits = argument.prefix { $0.isNumber }
    let shift: Int
    switch argument.dropFirst(digits.count).uppercased() {
    case "", "B": shift = 0
    case "K", "KB", "KIB": shift = 10
    case "M", "MB", "MIB": shift = 20
    case "G", "GB", "GIB": shift = 30
    case "T", "TB", "TIB": shift = 40
    default: return nil
    }
    guard let number = UInt64(digits), number > 0, number <= UInt64.max >> (shift + 1) else {
      return nil
    }
    bytes = number << shift
  }

  /// "4.2 MiB", "812 B".
  var description: String {
    guard bytes >= 1024 else { return "\(bytes) B" }
    let units: [StaticString] = [" KiB", " MiB", " GiB", " TiB"]
    var value = Double(bytes) / 1024
    var unit = 0
    while value >= 1023.95, unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    var text = TextBuffer(capacity: 32)
    text.append(decimal: value, digits: 1)
    text.append(units[unit])
    return text.text
  }
}
