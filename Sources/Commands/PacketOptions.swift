internal import ArgumentParser
internal import DropSources

/// How much of packets is handed over: the options of every command that shows or keeps them.
struct PacketOptions: ParsableArguments {
  @Option(
    name: .customLong("limit"),
    help: ArgumentHelp(
      "At most so many packets of each kind per second, all or none; the others are only counted.",
      valueName: "n"))
  var limit: PacketLimit?

  @Option(
    help: ArgumentHelp("Bytes of each packet, up to 1600.", valueName: "bytes"))
  var snap: UInt32?

  @Flag(help: "The kernel's functions that the packet went through.")
  var stack = false

  func validate() throws {
    if let snap, !(1...1600).contains(snap) {
      throw ValidationError("--snap takes a number of bytes from 1 to 1600.")
    }
  }

  /// Whether any was given.
  var areGiven: Bool { limit != nil || snap != nil || stack }

  /// Asks a source for packets: so many unless the options say otherwise.
  func apply(to request: inout SourceRequest, orLimit limit: PacketLimit, orSnap length: UInt32) {
    let packets = (self.limit ?? limit).packets
    guard packets != .none else { return }
    request.askForPackets(packets, snapLength: snap ?? length, hasStack: stack)
  }
}
