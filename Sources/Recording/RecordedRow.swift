internal import FoundationEssentials
internal import GRDB

/// A row of a recording, of whose columns nothing is taken for granted.
///
/// SQLite lets any column hold any type, and GRDB ends the program over one that it did not expect.
struct RecordedRow {
  /// A column is not what it is in a recording.
  struct Unexpected: Error {
    let column: Int
  }

  private let row: Row

  init(_ row: Row) { self.row = row }

  /// The column's integer, or an error.
  func integer(_ column: Int) throws(Unexpected) -> Int64 {
    guard case .int64(let value) = storage(column) else { throw Unexpected(column: column) }
    return value
  }

  /// The column's integer as a type that can hold it, or an error.
  func integer<Value: FixedWidthInteger>(
    _ column: Int, as type: Value.Type = Value.self
  ) throws(Unexpected) -> Value {
    guard let value = Value(exactly: try integer(column)) else {
      throw Unexpected(column: column)
    }
    return value
  }

  /// The column's 64 bits without a sign.
  func number(_ column: Int) throws(Unexpected) -> UInt64 {
    UInt64(bitPattern: try integer(column))
  }

  /// The column's count of drops: not negative, and small enough that a million of them can be added.
  func count(_ column: Int) throws(Unexpected) -> UInt64 {
    let value = try integer(column)
    guard (0...1 << 43).contains(value) else { throw Unexpected(column: column) }
    return UInt64(value)
  }

  /// The column's text; nil if it is NULL.
  func optionalText(_ column: Int) throws(Unexpected) -> String? {
    switch storage(column) {
    case .string(let text): return text
    case .null: return nil
    default: throw Unexpected(column: column)
    }
  }

  /// The column's text, or an error.
  func text(_ column: Int) throws(Unexpected) -> String {
    guard let text = try optionalText(column) else { throw Unexpected(column: column) }
    return text
  }

  /// The column's integer; nil if it is NULL.
  func optionalInteger(_ column: Int) throws(Unexpected) -> Int64? {
    if case .null = storage(column) { return nil }
    return try integer(column)
  }

  /// The column's bytes; an empty value of SQLite's is none.
  func bytes(_ column: Int) throws(Unexpected) -> Data {
    switch storage(column) {
    case .blob(let data): return data
    case .null: return Data()
    default: throw Unexpected(column: column)
    }
  }

  private func storage(_ column: Int) -> DatabaseValue.Storage {
    guard column < row.count else { return .null }
    // Any value is a DatabaseValue: this cannot fail.
    let value: DatabaseValue = row[column]
    return value.storage
  }
}
