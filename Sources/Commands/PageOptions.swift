internal import ArgumentParser
internal import Bytes
internal import Export
internal import Glibc
internal import Terminal

/// How a page is written: the options of commands whose answer is one.
struct PageOptions: ParsableArguments {
  @Flag(help: "As JSON, an object a line: see docs/output.md.")
  var json = false

  @Flag(help: "As Markdown, to paste into a ticket.")
  var markdown = false

  @Option(help: "When to use colour; NO_COLOR is honoured.")
  var color: ColorChoice = .auto

  func validate() throws {
    if json, markdown { throw ValidationError("--json and --markdown: choose one.") }
  }

  /// Writes to standard output: the page, or what `lines` adds for JSON.
  func write(_ page: @autoclosure () -> Page, lines: (inout JSONWriter) -> Void) throws {
    var text = TextBuffer()
    if json {
      var json = JSONWriter()
      lines(&json)
      text.append(json.buffer.text)
    } else if markdown {
      text.append(page().markdown)
    } else {
      let terminal = TerminalDevice(descriptor: STDOUT_FILENO)
      PageText(
        width: terminal.size?.columns,
        isColored: color.isColored(isTerminal: terminal.isTerminal, environment: .current)
      ).write(page(), to: &text)
    }
    do { try text.write(to: STDOUT_FILENO) } catch WriteError.brokenPipe {}
  }
}
