internal import Bytes
internal import DropSources

/// What a capture holds, and what it does not: the last word of `dwdump`.
struct CaptureAccount: Equatable {
  /// The file's name; "standard output" if it has none.
  var output: String
  /// What was written.
  var written: DropCapture.Contents
  /// What did not reach the program.
  var losses: DropMonitorSession.Losses
  /// Alerts that came and could not be written.
  var unwritten: UInt64
  /// Whether somebody else has stopped the monitor, or has taken it over.
  var wasDisturbed: Bool

  /// Whether something is not in the file that should be.
  var isLossy: Bool { losses.total > 0 || unwritten > 0 || wasDisturbed }

  /// The account as a sentence.
  var sentence: String {
    var text = TextBuffer(capacity: 256)
    text.append("wrote ")
    text.append(grouped: written.packets)
    text.append(" packets in ")
    text.append(grouped: written.messages)
    text.append(" messages, ")
    text.append(grouped: written.bytes)
    text.append(" bytes, to ")
    text.append(output)
    text.append("; lost: ")
    text.append(grouped: losses.tailDropped)
    text.append(" tail-dropped by the kernel, ")
    text.append(grouped: losses.overrun)
    text.append(" by the socket, ")
    text.append(grouped: losses.unreadable)
    text.append(" unreadable, ")
    text.append(grouped: unwritten)
    text.append(" unwritten")
    return text.text
  }

  /// What to do about what was lost.
  func remedies(options: DropMonitorOptions) -> [String] {
    var remedies: [String] = []
    if losses.tailDropped > 0 {
      remedies.append(
        "the kernel's queue of \(options.configuration.queueLength) packets was full: "
          + "a longer one (-l) holds more")
    }
    if losses.overrun > 0 {
      remedies.append(
        "the socket's buffer of \(options.receiveBuffer) bytes was full: a larger one (-b), "
          + "shorter packets (-t) or a faster reader loses less")
    }
    return remedies
  }

  /// The account as a JSON object, without the end of its line.
  func append(to json: inout JSONWriter) {
    json.field("type", "capture")
    json.field("output", output)
    json.field("packets", written.packets)
    json.field("messages", written.messages)
    json.field("bytes", written.bytes)
    json.field("tail_dropped", losses.tailDropped)
    json.field("overrun", losses.overrun)
    json.field("unreadable", losses.unreadable)
    json.field("unwritten", unwritten)
    json.field("disturbed", wasDisturbed)
  }
}
