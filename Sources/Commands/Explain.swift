internal import ArgumentParser
internal import Bytes
internal import Diagnosis
internal import Export
internal import Glibc
internal import Runtime
internal import Terminal

/// The subcommand `explain`.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell what a drop reason, a function or a counter means and what to do about it.",
    discussion: """
      Needs no privileges, no network and not the machine in question: all of it is built in. A name \
      may be written in any way it is met: NO_SOCKET, SKB_DROP_REASON_NO_SOCKET, tcp_v4_rcv+0x9e, \
      UdpRcvbufErrors, link.eth0.rx_dropped. Other words are searched for; status 1 says that \
      nothing has them all.

      EXAMPLES
        dropwatch explain SOCKET_RCVBUFF       what happened, why, what to do
        dropwatch explain tcp_v4_rcv           a function, where no reason is told
        dropwatch explain UdpRcvbufErrors      a counter, and what moves it
        dropwatch explain receive buffer       what has to do with it
        dropwatch explain --list               everything that is known
        dropwatch explain --list netfilter     of one layer
        dropwatch explain NO_SOCKET --format markdown    for a ticket
        dropwatch explain --list --json | jq -r .name
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json, markdown, man
  }

  @Argument(help: "A reason, a function, a counter, or words; with --list layers.")
  var words: [String] = []

  @Flag(help: "List what is known, of the layers given or of all.")
  var list = false

  @Option(help: "How it is written; man is a section of a manual page.")
  var format = Format.text

  @Flag(help: "The same as --format json: one object a line, see docs/output.md.")
  var json = false

  @Option(help: "When to use colour; NO_COLOR is honoured.")
  var color: ColorChoice = .auto

  func validate() throws {
    if words.isEmpty, !list { throw ValidationError("Say what to explain, or --list.") }
    if let unknown = words.first(where: { !Knowledge.embedded.layers.contains($0) }), list {
      let layers = Knowledge.embedded.layers.joined(separator: ", ")
      throw ValidationError("There is no layer \(unknown), only \(layers).")
    }
  }

  func run() throws {
    let isKnown = try reporting {
      signal(SIGPIPE, SIG_IGN)
      var text = TextBuffer()
      let isKnown = list ? try write(listOf: words, to: &text) : try write(to: &text)
      do { try text.write(to: STDOUT_FILENO) } catch WriteError.brokenPipe {}
      return isKnown
    }
    if !isKnown { throw ExitStatus.negative }
  }

  private var effectiveFormat: Format { json ? .json : format }

  /// Writes the answer to the words; says whether there is one.
  private func write(to text: inout TextBuffer) throws -> Bool {
    let question = words.joined(separator: " ")
    let explanations = Explanations(knowledge: .embedded)
    switch try Knowledge.embedded.answer(to: question) {
    case .entry(let entry):
      try write([entry.name], explanations, to: &text)
    case .counter(let counter):
      try write([counter.name], explanations, to: &text)
    case .matches(let matches):
      write(matches, to: &text)
    case .nothing:
      printError("nothing known has the words \"\(question)\": try fewer, or explain --list")
      return false
    }
    return true
  }

  /// Writes what there is of the layers; whole pages where pages are wanted.
  private func write(listOf layers: [String], to text: inout TextBuffer) throws -> Bool {
    let names = try Knowledge.embedded.list().filter {
      layers.isEmpty || layers.contains($0.layer)
    }
    if effectiveFormat == .text {
      write(names, to: &text)
    } else {
      try write(names.map(\.name), Explanations(knowledge: .embedded), to: &text)
    }
    return true
  }

  private func write(
    _ names: [String], _ explanations: Explanations, to text: inout TextBuffer
  ) throws {
    let terminal = TerminalDevice(descriptor: STDOUT_FILENO)
    let isColored = color.isColored(isTerminal: terminal.isTerminal, environment: .current)
    for (index, name) in names.enumerated() {
      switch effectiveFormat {
      case .json: text.append(try explanations.json(name))
      case .text:
        PageText(width: terminal.size?.columns, isColored: isColored)
          .write(try explanations.page(name), to: &text)
      case .markdown:
        if index > 0 { text.append("\n") }
        text.append(try explanations.page(name).markdown)
      case .man: text.append(try explanations.page(name).manual)
      }
    }
  }

  private func write(_ matches: [Answer.Match], to text: inout TextBuffer) {
    if effectiveFormat == .json {
      var json = JSONWriter()
      for match in matches { json.line(match) }
      text.append(json.buffer.text)
      return
    }
    let terminal = TerminalDevice(descriptor: STDOUT_FILENO)
    var table = TextTable(columns: [
      .init("NAME"), .init("LAYER", isDispensable: true), .init("WHAT", minimumWidth: 30),
    ])
    table.rows = matches.map { [.init($0.name, .bold), .init($0.layer, .dim), .init($0.what)] }
    table.write(
      to: &text, width: terminal.size?.columns,
      isColored: color.isColored(isTerminal: terminal.isTerminal, environment: .current))
  }
}
