internal import ArgumentParser
internal import DropSources

/// The argument of `--limit`: how many of each kind and second are handed over.
enum PacketLimit: Equatable, ExpressibleByArgument, CustomStringConvertible {
  case none, all
  case perSecond(UInt32)

  init?(argument: String) {
    switch argument {
    case "none", "0": self = .none
    case "all": self = .all
    default:
      guard let number = UInt32(argument) else { return nil }
      self = .perSecond(number)
    }
  }

  var description: String {
    switch self {
    case .none: "none"
    case .all: "all"
    case .perSecond(let number): "\(number)"
    }
  }

  /// What the eBPF source is asked for.
  var packets: EBPFOptions.Packets {
    switch self {
    case .none: .none
    case .all: .all
    case .perSecond(let number): .limited(perSecond: number)
    }
  }
}
