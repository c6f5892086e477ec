internal import Glibc

/// Lines from a descriptor, as they come: a pipe, a file, or a terminal that edits by itself.
///
/// Never waits beyond what read(2) does: call `read(_:)` when there is something.
struct LineReader {
  /// A longer line is none of ours; it is cut there, so that memory stays bounded.
  static let longestLine = 4096

  private var pending: [UInt8] = []
  /// Whether no more bytes will come; whole lines may still wait.
  private(set) var hasEnded = false

  /// Takes what there is; notices the end, and errors as such.
  mutating func read(_ descriptor: Int32) {
    var chunk = [UInt8](repeating: 0, count: Self.longestLine)
    let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
    if count > 0 {
      add(chunk[..<count])
    } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
      end()
    }
  }

  /// Adds bytes to be cut into lines.
  mutating func add(_ bytes: some Sequence<UInt8>) { pending.append(contentsOf: bytes) }

  /// No more bytes will come: what has no newline yet is a line.
  mutating func end() { hasEnded = true }

  /// The next whole line, without its end; nil if there is none.
  mutating func next() -> String? {
    if let end = pending.firstIndex(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
    {
      defer { pending.removeSubrange(...end) }
      return String(decoding: pending[..<end], as: UTF8.self)
    }
    guard !pending.isEmpty, hasEnded || pending.count >= Self.longestLine else { return nil }
    defer { pending.removeAll() }
    return String(decoding: pending, as: UTF8.self)
  }

  /// Forgets what is not a whole line.
  mutating func forgetUnfinished() {
    let end = pending.lastIndex { $0 == UInt8(ascii: "\n") }
    pending.removeSubrange((end.map { $0 + 1 } ?? 0)...)
  }
}
