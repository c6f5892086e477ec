internal import ArgumentParser
internal import Bytes
internal import Export
internal import Glibc
internal import Runtime

/// The subcommand `schema`.
struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the JSON output's schema (JSON Schema, draft 2020-12).",
    discussion: """
      EXAMPLES
        dropwatch schema > dropwatch.schema.json
      """)

  func run() throws {
    try reporting {
      signal(SIGPIPE, SIG_IGN)
      var text = TextBuffer()
      text.append(OutputSchema.text)
      do { try text.write(to: STDOUT_FILENO) } catch WriteError.brokenPipe {}
    }
  }
}
