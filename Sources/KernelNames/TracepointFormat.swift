import Bytes

/// The layout of a tracepoint's record, from /sys/kernel/tracing/events/*/*/format.
///
/// Source: f_show in kernel/trace/trace_events.c, Documentation/trace/events.rst.
package struct TracepointFormat: Equatable, Sendable {
  /// A field of the record.
  package struct Field: Equatable, Sendable {
    /// As in the record's C structure.
    package let name: String
    /// Its C type as declared, without the array's length and `__data_loc`.
    package let type: String
    /// Where it begins in the record, in bytes.
    package let offset: Int
    /// Its length in the record, in bytes.
    package let size: Int
    /// Whether its integer type is signed.
    package let isSigned: Bool
    /// The number of its elements; nil if it is no array, or its length is no plain number.
    package let arrayLength: Int?
    /// Whether it is a `__data_loc`: the data lies elsewhere in the record, this is length and
    /// offset, each of 16 bits.
    package let isDataLocation: Bool
  }

  /// One entry of a `__print_symbolic` table.
  package struct SymbolicValue: Equatable, Sendable {
    /// The number in the record.
    package let value: Int64
    /// What the kernel prints for it.
    package let name: String

    /// A value and its name.
    package init(_ value: Int64, _ name: String) {
      self.value = value
      self.name = name
    }
  }

  /// The tracepoint's name, without its system.
  package let name: String
  /// The number for perf_event_open(2).
  package let id: UInt64
  /// In the order of the record; the first four are common to all tracepoints.
  package let fields: [Field]
  /// The names of values, in order, by the field they are for.
  ///
  /// Entries are left out whose value is an expression that the kernel has not reduced to a number.
  package let symbols: [String: [SymbolicValue]]

  /// The field of that name, nil if there is none.
  package func field(named name: String) -> Field? {
    fields.first { $0.name == name }
  }

  /// Parses a format file; lines of a kind not known here are passed over.
  package init(_ text: [UInt8]) throws(TracepointFormatError) {
    var reader = ByteReader(text.span.raw)
    var name: String?
    var id: UInt64?
    var fields: [Field] = []
    var symbols: [String: [SymbolicValue]]?
    var number = 0
    while !reader.isAtEnd {
      number += 1
      guard var line = reader.readLine() else { throw .truncated(line: number) }
      line.skipBlanks()
      if line.accept("name: ") {
        name = line.rest.text
      } else if line.accept("ID: ") {
        guard let value = line.readDecimal() else { throw .malformed(line: number) }
        id = value
      } else if line.accept("field:") {
        guard let field = Field(&line) else { throw .malformed(line: number) }
        fields.append(field)
      } else if line.accept("print fmt: ") {
        guard let tables = Self.symbolTables(&line) else { throw .malformed(line: number) }
        symbols = tables
      }
    }
    guard let name, !name.isEmpty else { throw .missing("name") }
    guard let id else { throw .missing("ID") }
    guard !fields.isEmpty else { throw .missing("field") }
    guard let symbols else { throw .missing("print fmt") }
    self.name = name
    self.id = id
    self.fields = fields
    self.symbols = symbols
  }
}
