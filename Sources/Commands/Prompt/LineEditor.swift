internal import Bytes
internal import CLibEdit
internal import CLinux
internal import Glibc

/// Line editing, history and completion on a terminal: libedit, see editline(3).
///
/// Nothing here waits for a whole line: whoever has waited until there is input calls `read()`,
/// which takes one key. Where a key is several bytes, waiting for the rest ends when a signal
/// comes, which then waits for its owner. Between `begin()` and `end()` the terminal is raw (and
/// Ctrl-C still a signal); at all other times, and when this value goes, it is as it was.
///
/// The only place where libedit is called.
@safe struct LineEditor: ~Copyable {
  /// What a key made of the line.
  enum Reading: Equatable {
    /// Not a line yet.
    case unfinished
    case line(String)
    /// Ctrl-D on an empty line, or the terminal is gone.
    case ended
  }

  private let editor: OpaquePointer
  private let history: OpaquePointer
  private let context: Context
  private var isEditing = false

  /// What the C callbacks need; lives as long as the editor.
  @safe private final class Context {
    let prompt: UnsafeMutablePointer<CChar>
    let signals: Int32
    let complete: (String) -> [String]
    var isAtEnd = false

    init(prompt: String, signals: Int32, complete: @escaping (String) -> [String]) {
      unsafe self.prompt = strdup(prompt)
      self.signals = signals
      self.complete = complete
    }

    deinit { unsafe free(prompt) }

    static func of(_ editor: OpaquePointer?) -> Context? {
      guard let pointer = unsafe clibedit_context(editor) else { return nil }
      return unsafe Unmanaged<Context>.fromOpaque(pointer).takeUnretainedValue()
    }
  }

  /// Opens an editor on standard input and output; nil if libedit cannot.
  ///
  /// `signals` becomes readable when a signal waits. `complete` gives the words that can stand in
  /// place of the last one of what is typed so far.
  init?(prompt: String, signals: Int32, complete: @escaping (String) -> [String]) {
    let context = Context(prompt: prompt, signals: signals, complete: complete)
    let opened = unsafe clibedit_open(
      "dropwatch", { unsafe Context.of($0)?.prompt }, { unsafe LineEditor.readKey($0, $1) },
      Unmanaged.passUnretained(context).toOpaque())
    guard let editor = unsafe opened, let history = unsafe history_init() else {
      if let editor = unsafe opened { unsafe el_end(editor) }
      return nil
    }
    unsafe clibedit_use_history(editor, history, 500)
    unsafe clibedit_bind_tab(editor) { editor, _ in unsafe LineEditor.completeWord(editor) }
    unsafe self.editor = editor
    unsafe self.history = history
    self.context = context
  }

  deinit {
    // el_end gives the terminal back as well.
    unsafe el_end(editor)
    unsafe history_end(history)
  }

  /// Shows the prompt and takes keys from now on.
  mutating func begin() {
    guard !isEditing else { return }
    isEditing = true
    unsafe clibedit_set_unbuffered(editor, 1)
  }

  /// Gives the terminal back, with what is typed forgotten.
  mutating func end() {
    guard isEditing else { return }
    isEditing = false
    unsafe clibedit_set_unbuffered(editor, 0)
  }

  /// Takes the key that is there.
  mutating func read() -> Reading {
    var count: Int32 = 0
    let buffer = unsafe el_gets(editor, &count)
    if context.isAtEnd { return .ended }
    guard count > 0, let buffer = unsafe buffer else { return .unfinished }
    // Safe: el_gets has said how many bytes there are, and they are copied at once.
    let bytes = unsafe UnsafeRawBufferPointer(start: buffer, count: Int(count))
    // CC_EOF is reported as this one character where keys are taken one by one.
    if unsafe bytes.elementsEqual([0x04]) { return .ended }
    guard let last = unsafe bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r")
    else { return .unfinished }
    return unsafe .line(String(decoding: bytes.dropLast(), as: UTF8.self))
  }

  /// Keeps a line for the arrow keys.
  func remember(_ line: String) { unsafe clibedit_remember(history, line) }

  /// Redraws for the terminal's new size.
  func resize() { unsafe el_resize(editor) }

  /// EL_GETCFN: 1 with a character, 0 at the end, -1 with errno.
  private static func readKey(
    _ editor: OpaquePointer?, _ key: UnsafeMutablePointer<wchar_t>?
  ) -> Int32 {
    guard let context = unsafe Context.of(editor) else { return 0 }
    while true {
      var requests = [
        pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
        pollfd(fd: context.signals, events: Int16(POLLIN), revents: 0),
      ]
      guard unsafe clinux_poll(&requests, UInt(requests.count), -1) > 0 else { continue }
      if requests[1].revents != 0 {
        errno = EINTR
        return -1
      }
      var byte: UInt8 = 0
      let count = unsafe Glibc.read(STDIN_FILENO, &byte, 1)
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count == 1 else {
        context.isAtEnd = true
        return 0
      }
      // Commands are ASCII, and no locale is set that libedit could write other letters in.
      unsafe key?.pointee = wchar_t(byte < 0x80 ? byte : UInt8(ascii: "?"))
      return 1
    }
  }

  /// The function of the Tab key: inserts what all possible words have in common, or lists them.
  private static func completeWord(_ editor: OpaquePointer?) -> UInt8 {
    guard let context = unsafe Context.of(editor), let line = unsafe el_line(editor),
      let start = unsafe line.pointee.buffer, let cursor = unsafe line.pointee.cursor
    else { return UInt8(CC_ERROR) }
    let typed = unsafe String(
      decoding: UnsafeRawBufferPointer(start: start, count: cursor - start), as: UTF8.self)
    let completion = WordCompletion(of: typed, words: context.complete(typed))
    if !completion.insertion.isEmpty {
      return unsafe el_insertstr(editor, completion.insertion) == 0
        ? UInt8(CC_REFRESH) : UInt8(CC_ERROR)
    }
    guard completion.words.count > 1 else { return UInt8(CC_REFRESH_BEEP) }
    var text = TextBuffer(capacity: 256)
    text.append("\n")
    text.append(completion.words.joined(separator: "  "))
    text.append("\n")
    try? text.write(to: STDOUT_FILENO)
    return UInt8(CC_REDISPLAY)
  }
}
