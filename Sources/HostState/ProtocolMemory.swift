internal import Bytes

/// What protocols hold in a network namespace: /proc/net/sockstat and sockstat6, proc_pid_net(5).
package struct ProtocolMemory: Equatable, Sendable {
  /// By protocol and then by word: TCP's "mem" is in pages and the whole machine's, FRAG's "memory" in
  /// bytes and the namespace's.
  private var values: [String: [String: UInt64]] = [:]

  package init() {}

  /// A value by its protocol and word ("TCP", "mem"); nil if there is no such thing.
  package subscript(_ name: String, _ word: String) -> UInt64? { values[name]?[word] }

  /// Reads lines such as "TCP: inuse 5 orphan 0 mem 1" into it; says whether every line was understood.
  package mutating func read(_ text: [UInt8]) -> Bool {
    var reader = ByteReader(text.span.raw)
    while let line = reader.readLine() {
      let words = line.rest.text.split(separator: " ")
      guard let name = words.first, name.last == ":", words.count % 2 == 1 else { return false }
      for index in stride(from: 1, to: words.count, by: 2) {
        guard let value = UInt64(words[index + 1]) else { return false }
        values[String(name.dropLast()), default: [:]][String(words[index])] = value
      }
    }
    return reader.isAtEnd
  }
}
