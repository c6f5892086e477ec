internal import Glibc

/// What reads bytes from outside.
enum Parser: UInt8, CaseIterable {
  case netlink, replies, dropMonitor, listeners, perfRecords, tracepointFormat, symbols, types
  case filters, packets, chunks, counters, changes

  /// Those that are asked for: FUZZ_PARSERS names them, else all.
  static let chosen: [Parser] = {
    let names = unsafe getenv("FUZZ_PARSERS").map { unsafe String(cString: $0) } ?? ""
    let wanted = names.split(separator: " ").map(String.init)
    guard wanted.allSatisfy({ name in allCases.contains { "\($0)" == name } }) else {
      end("FUZZ_PARSERS names one that is not there: \(names)")
    }
    return wanted.isEmpty ? allCases : allCases.filter { wanted.contains("\($0)") }
  }()

  /// Reads an input as far as it can be read, and checks what must be true of what was read.
  func read(_ bytes: [UInt8]) {
    switch self {
    case .netlink: NetlinkInput.read(bytes)
    case .replies: ReplyInput.read(bytes)
    case .dropMonitor: DropMonitorInput.read(bytes)
    case .listeners: DropMonitorInput.readListeners(bytes)
    case .perfRecords: TracepointInput.readRecords(bytes)
    case .tracepointFormat: TracepointInput.readFormat(bytes)
    case .symbols: KernelNamesInput.readSymbols(bytes)
    case .types: KernelNamesInput.readTypes(bytes)
    case .packets: PacketsInput.read(bytes)
    case .chunks: ChunkInput.readChunk(bytes)
    case .counters: CounterInput.read(bytes)
    case .changes: ChangeInput.read(bytes)
    case .filters: FilterInput.translate(bytes)
    }
  }
}
