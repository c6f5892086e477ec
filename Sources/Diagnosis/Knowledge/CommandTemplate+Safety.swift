extension CommandTemplate {
  /// Whether a shell takes a name as it stands.
  ///
  /// Whoever has a container can call a device `$(reboot)`, and root copies what stands in a command:
  /// other names are never filled in.
  package static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix("-")
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "._:@%+-/=,".utf8.contains(byte)
        }
      }
  }
}
