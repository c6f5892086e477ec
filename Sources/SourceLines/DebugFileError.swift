/// Why a file tells no source lines.
package struct DebugFileError: Error, Equatable, Sendable, CustomStringConvertible {
  package let path: String
  /// What is wrong with it.
  package let problem: Problem

  package enum Problem: Equatable, Sendable {
    /// elfutils' own words, or the system's.
    case unreadable(String)
    /// It has no DWARF: "No DWARF information found".
    case withoutLines(String)
    /// It is of another build.
    case otherBuild(found: BuildID?, wanted: BuildID)
  }

  /// Whether the file is simply not there.
  var isMissing: Bool { problem == .unreadable("No such file or directory") }

  package var description: String {
    switch problem {
    case .unreadable(let words): "cannot read \(path): \(words)"
    case .withoutLines(let words): "\(path) tells no source lines: \(words)"
    case .otherBuild(let found?, let wanted):
      "\(path) is of another build: its build id is \(found), not \(wanted)"
    case .otherBuild(nil, let wanted): "\(path) has no build id, which must be \(wanted)"
    }
  }
}
