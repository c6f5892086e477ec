internal import Bytes
internal import Glibc
internal import Terminal

/// Where commands come from: a line editor on a terminal, else standard input line by line.
///
/// The editor is in charge only while the prompt asks. While drops are shown the terminal is as it
/// was, lines typed there are commands all the same, and Ctrl-C is echoed as ever.
struct PromptInput: ~Copyable {
  /// Whether somebody types.
  let isTerminal: Bool
  private var editor: LineEditor?
  private var reader = LineReader()
  private var edited: String?
  private var isAsking = false
  private var editorHasEnded = false

  /// `signals` becomes readable when a signal waits.
  init(signals: Int32) {
    let input = TerminalDevice(descriptor: STDIN_FILENO)
    let output = TerminalDevice(descriptor: STDOUT_FILENO)
    isTerminal = input.isTerminal
    // Where output goes elsewhere (| tee log), it shall hold no control sequences.
    if input.canRedraw, output.isTerminal {
      editor = LineEditor(
        prompt: Words.prompt, signals: signals, complete: PromptCommand.completions(of:))
    }
  }

  /// Whether no more commands will come.
  var hasEnded: Bool { editorHasEnded || reader.hasEnded }

  /// What to wait on; nil at the end.
  var descriptor: Int32? { hasEnded ? nil : STDIN_FILENO }

  /// Shows the prompt, if it does not stand there already.
  mutating func ask() throws(WriteError) {
    guard !isAsking else { return }
    isAsking = true
    if editor == nil { try write(Words.prompt) } else { editor?.begin() }
  }

  /// Takes what has come.
  mutating func read() throws(WriteError) {
    guard isAsking, editor != nil else { return reader.read(STDIN_FILENO) }
    switch editor?.read() {
    case .line(let line): edited = line
    case .ended: editorHasEnded = true
    case .unfinished, nil: return
    }
    editor?.end()
    // Ctrl-D leaves the cursor behind the prompt.
    if editorHasEnded { try write("\n") }
  }

  /// The next line, nil if there is none yet; `isAsked` if the prompt is to stand before it.
  ///
  /// What nobody has seen being typed is written behind the prompt, so that the output of a run
  /// reads like a conversation, as the original's does.
  mutating func next(isAsked: Bool) throws(WriteError) -> String? {
    if let line = edited.take() {
      isAsking = false
      editor?.remember(line)
      return line
    }
    guard let line = reader.next() else { return nil }
    if isAsked {
      if !isAsking { try write(Words.prompt) }
      if !isTerminal || editor != nil { try write(line + "\n") }
    }
    isAsking = false
    return line
  }

  /// Forgets what is typed and gives the terminal back; what comes next is on a line of its own.
  ///
  /// `mark` is what the key echoes that a terminal echoes only while nobody edits.
  mutating func leaveLine(marking mark: String = "") throws(WriteError) {
    reader.forgetUnfinished()
    let stands = isTerminal && isAsking
    release()
    if stands { try write(editor == nil ? "\n" : mark + "\n") }
  }

  /// Gives the terminal back until the next `ask()`.
  mutating func release() {
    editor?.end()
    isAsking = false
  }

  /// Takes over the terminal's new size.
  func resize() {
    guard isAsking else { return }
    editor?.resize()
  }

  private func write(_ line: String) throws(WriteError) {
    var text = TextBuffer(capacity: line.utf8.count)
    text.append(line)
    try text.write(to: STDOUT_FILENO)
  }
}
