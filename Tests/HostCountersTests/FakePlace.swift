import Bytes
import Glibc
import NetlinkLab

@testable import HostCounters
@testable import Netlink

extension CounterPlace {
  /// A machine made up: its files, and what its kernel answers, request by request.
  static func fake(
    files: [String: String] = [:], answers: [[ScriptedSocket.Event]] = [],
    missing: Set<String> = [],
    ethtool: @escaping (String, [UInt8]) -> [UInt8]? = { _, _ in nil }
  ) -> CounterPlace {
    let socket = ScriptedSocket(answers)
    return CounterPlace(
      missing: missing,
      file: { (path) throws(FileError) in
        guard let text = files[path] else { throw FileError(.open, path: path, code: ENOENT) }
        return [UInt8](text.utf8)
      },
      open: { (_) throws(NetlinkError) in socket },
      ethtool: { (device, request) throws(NetlinkError) in ethtool(device, request) })
  }

  /// What one family reads of it.
  func snapshot(_ family: CounterFamily) -> CounterSnapshot {
    CounterReader.snapshot(of: self, [family], namespace: 1)
  }
}

extension [ScriptedSocket.Event] {
  /// A dump: these messages, and its end.
  static func dump(_ messages: [UInt8]...) -> Self {
    let end = [UInt8](hex: "14000000 0300 0200 00000000 00000000 00000000")
    return messages.map { .answer($0) } + [.answer(end)]
  }

  /// A request that is refused.
  static func refusal(_ code: Int32) -> Self {
    let bytes = MessageWriter.bytes(of: -code)
    let header = [UInt8](hex: "24000000 0200 0001 00000000 00000000")
    return [.answer(header + bytes + [UInt8](repeating: 0, count: 16))]
  }
}
