internal import Bytes
internal import GRDB

/// Why a recording cannot be made or read: one sentence, what failed, on what, what to do.
package struct RecordingError: Error, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ sentence: String) { description = sentence }
}

extension RecordingError {
  /// What SQLite says of a file that was to be read or written.
  init(_ intention: String, _ path: String, _ error: any Error) {
    if let error = error as? RecordingError {
      self = error
      return
    }
    self.init("cannot \(intention) \(path): \(reason(of: error))")
  }
}

/// What SQLite means by an error, in a few words.
func reason(of error: any Error) -> String {
  guard let error = error as? DatabaseError else { return "\(error)" }
  return switch error.resultCode {
  case .SQLITE_FULL: "the disk is full"
  case .SQLITE_NOTADB: "it is not an SQLite file"
  case .SQLITE_CORRUPT: "it is damaged (\(error.message ?? "SQLITE_CORRUPT"))"
  case .SQLITE_CANTOPEN: "it cannot be opened. Check the path and who may read and write it"
  case .SQLITE_PERM, .SQLITE_AUTH: "not permitted"
  case .SQLITE_READONLY: "it may not be written"
  case .SQLITE_BUSY, .SQLITE_LOCKED: "another program is using it"
  default: error.message ?? "SQLite's error \(error.resultCode.rawValue)"
  }
}
