internal import Bytes
internal import Glibc

/// Why talking to the kernel over netlink failed.
package enum NetlinkError: Error, Equatable {
  /// A system call failed; `code` is its errno.
  case system(operation: String, code: Int32)
  /// The kernel refused a request, with a sentence if it had one (an extended acknowledgement).
  case refused(operation: String, code: Int32, sentence: String?)
  /// Bytes that are no message, or not the message that was due.
  case malformed(String)
  /// The kernel did not answer in time.
  case noAnswer(operation: String)
  /// The kernel answered, and (part of) the answer found no room.
  case lostAnswer(operation: String)
  /// No family of that name, even after the kernel was asked to load its module.
  case noFamily(String)
  /// A family without a multicast group of that name.
  case noGroup(String, family: String)

  /// The errno behind it; 0 if there is none.
  package var code: Int32 {
    switch self {
    case .system(_, let code), .refused(_, let code, _): code
    case .noFamily: ENOENT
    case .malformed, .noAnswer, .lostAnswer, .noGroup: 0
    }
  }

  /// Whether a privilege is missing.
  package var isPermission: Bool { code == EPERM || code == EACCES }
}

extension NetlinkError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .system(let operation, let code):
      return "cannot \(operation): \(Self.text(of: code))"
    case .refused(let operation, let code, let sentence):
      let refusal = "cannot \(operation): \(Self.text(of: code))"
      return sentence.map { "\(refusal) (the kernel: \($0))" } ?? refusal
    case .malformed(let what):
      return "cannot understand a netlink message: \(what)"
    case .noAnswer(let operation):
      return "cannot \(operation): the kernel did not answer"
    case .lostAnswer(let operation):
      return "cannot \(operation): the kernel's answer was lost for lack of room. Try again"
    case .noFamily(let name):
      return "the kernel has no netlink family \(name)"
    case .noGroup(let group, let family):
      return "the netlink family \(family) has no multicast group \(group)"
    }
  }

  /// strerror(3).
  private static func text(of code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
