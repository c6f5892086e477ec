/// A function at a place in a file of debug information, as the compiler wrote it down.
struct Frame: Equatable {
  /// The source file's path, absolute or from `directory`.
  var path: String
  /// 0 if the compiler could not say.
  var line: Int
  /// nil if it has no name.
  var function: String?
  /// Where the compiler ran.
  var directory: String?
}
