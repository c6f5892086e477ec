internal import Bytes
internal import Glibc
internal import Netlink

/// What one of our programs tells the others when it takes the kernel's drop monitor over.
///
/// The kernel does not know whose the monitor is: without this, the former owner or its guard would
/// stop the new owner's at its end. It goes to the group that alerts go to, as a message that the
/// kernel and the original's programs pass over (tried with 1.5.4); only a process with
/// CAP_NET_ADMIN can send there.
struct TakeOverNotice: Equatable {
  /// Who has taken it over, as "dwdump[812]".
  let sender: String

  private static let words = "dropwatch: taken over by "

  /// Reads a datagram of another process; nil if it is no such notice.
  init?(_ datagram: [UInt8]?) {
    guard let datagram else { return nil }
    var messages = MessageReader(datagram.span.raw)
    guard let message = try? messages.next(),
      message.header.type == MessageHeader.Control.noOperation
    else { return nil }
    let text = message.payload.rest.text
    guard text.hasPrefix(Self.words) else { return nil }
    let name = text.dropFirst(Self.words.count).prefix { $0 != "\0" }
    // It is shown to the user: no more than a process's name and number.
    guard name.utf8.count <= 32, name.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
      return nil
    }
    sender = String(name)
  }

  /// The notice that this process sends.
  static func message(sequence: UInt32) -> [UInt8] {
    let name = (try? [UInt8](contentsOfFile: "/proc/self/comm")) ?? []
    let sender = "\(String(decoding: name.prefix { $0 != 0x0A }, as: UTF8.self))[\(getpid())]"
    return message(from: sender, sequence: sequence)
  }

  static func message(from sender: String, sequence: UInt32) -> [UInt8] {
    var message = MessageWriter(
      type: MessageHeader.Control.noOperation, flags: 0, sequence: sequence)
    message.append(text: words + sender)
    return message.bytes
  }
}
