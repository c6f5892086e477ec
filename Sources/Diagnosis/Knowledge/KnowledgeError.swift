/// What is wrong with an entry.
package struct KnowledgeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file without extension.
  package var layer: String
  package var entry: String
  package var problem: String

  package var description: String { "\(layer).yaml: \(entry): \(problem)" }
}
