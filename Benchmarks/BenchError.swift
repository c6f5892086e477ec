/// A measurement that could not be made: what failed, on what, and what to do.
struct BenchError: Error, CustomStringConvertible {
  let description: String

  /// Takes the whole sentence.
  init(_ description: String) { self.description = description }
}
