internal import Bytes
internal import DropModel
internal import DropSources
internal import Netlink
internal import Runtime

/// One run of `dwdump` that writes a capture, from the monitor's start to the account.
struct CaptureRun: ~Copyable {
  /// How long, and how much.
  struct Limits {
    /// nil until a signal.
    var duration: Duration?
    /// Packets; nil for no limit.
    var packets: UInt64?
  }

  private let session: DropMonitorSession
  private let output: CaptureOutput
  private let limits: Limits
  private var capture: DropCapture
  private var failure: CaptureFailure?
  /// Why the kernel cannot be read any further; nil as long as it can.
  private var fault: SourceError?

  /// Starts the monitor, then begins the file: who is refused has not lost an older one.
  init(
    _ options: DropMonitorOptions, into output: consuming CaptureOutput, limits: Limits
  ) throws(SourceError) {
    do throws(SourceError) {
      session = try DropMonitorSession(options: options)
    } catch {
      output.discard()
      throw error
    }
    output.begin()
    self.output = output
    self.limits = limits
    capture = DropCapture(family: session.family, at: .now, limit: limits.packets)
  }

  /// What was granted.
  var options: DropMonitorOptions { session.options }

  /// Runs until it is told to end, the reader goes, or the disk is full; returns the account.
  mutating func run(_ loop: borrowing EventLoop, tell: (String) -> Void) -> CaptureAccount {
    let end = limits.duration.map { MonotonicTime.now.advanced(by: $0) }
    write(loop)
    while failure == nil, fault == nil, !capture.isFull {
      let event = loop.wait(
        until: end, packets: session.descriptor, output: output.isFile ? nil : output.descriptor)
      if event == .outputClosed { failure = .readerGone }
      guard event == .packets else { break }
      receive(loop)
      write(loop)
      tellNotes(tell)
    }
    // Nothing more is wanted of a capture that is full or has failed.
    let isOver = failure != nil || fault != nil || capture.isFull
    do throws(SourceError) {
      try session.stop(after: isOver ? .zero : DropMonitorSession.lastBatch) {
        (datagram) throws(NetlinkError) in
        try take(datagram, loop)
      }
    } catch {
      fault = fault ?? error
    }
    write(loop)
    tellNotes(tell)
    return account
  }

  /// The sentence about a failure that is one; nil if there was none.
  var complaint: String? {
    switch failure {
    case nil, .readerGone: fault?.description
    case .readerStalled:
      "the reader of \(output.name) takes nothing: gave up waiting for it when told to end"
    case .failed(let code):
      "cannot write \(output.name): \(errorText(code)). The capture is whole up to "
        + "packet \(capture.written.packets); make room, or write elsewhere with -w FILE"
    }
  }

  private var account: CaptureAccount {
    // A reader that has gone has wanted no more.
    let unwritten =
      failure == .readerGone ? 0 : capture.taken.messages - capture.written.messages
    return CaptureAccount(
      output: output.name, written: capture.written, losses: session.losses,
      unwritten: unwritten, wasDisturbed: session.hasBeenDisturbed)
  }

  private mutating func receive(_ loop: borrowing EventLoop) {
    do throws(SourceError) {
      try session.receive { (datagram) throws(NetlinkError) in
        try take(datagram, loop)
      }
    } catch {
      fault = error
    }
  }

  private mutating func take(
    _ datagram: Datagram, _ loop: borrowing EventLoop
  ) throws(NetlinkError) {
    try capture.add(datagram.bytes, at: .now)
    // Memory stays bounded in a flood.
    if capture.bytes.count > 1 << 20 { write(loop) }
  }

  /// Writes what there is, and leaves whole records behind if that fails.
  private mutating func write(_ loop: borrowing EventLoop) {
    guard failure == nil, !capture.bytes.isEmpty else { return }
    let result = output.write(capture.bytes, signals: loop.signalDescriptor)
    failure = result.failure
    output.cut(capture.wrote(result.count))
  }

  private func tellNotes(_ tell: (String) -> Void) {
    for note in session.notes { tell(note) }
    session.notes = []
  }
}
