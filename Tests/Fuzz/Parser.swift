/// What reads bytes from outside.
enum Parser: UInt8, CaseIterable {
  case netlink, replies, dropMonitor, listeners, perfRecords, tracepointFormat, symbols, types
  case filters, packets, chunks

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
    case .chunks: RecordingInput.readChunk(bytes)
    case .filters: FilterInput.translate(bytes)
    }
  }
}
