internal import Glibc

/// A failed call into libbpf or the kernel's BPF subsystem.
package struct BPFError: Error, CustomStringConvertible {
  /// What was tried, as a verb and its object: "load the program kfree_skb".
  package let operation: String
  /// The errno that came back, positive.
  package let code: Int32
  /// What libbpf and the verifier had to say, oldest first; empty if nothing.
  package let log: String

  package init(_ operation: String, code: Int32, log: String = "") {
    self.operation = operation
    self.code = code
    self.log = log
  }

  /// Whether the kernel refused for want of a privilege.
  ///
  /// Its verifier says EACCES as well, of a program that it does not understand, and then counts
  /// the instructions that it has looked at.
  package var isPermission: Bool {
    code == EPERM || code == EACCES && !log.contains("processed ")
  }

  package var description: String {
    let reason = unsafe String(cString: strerror(code))
    return log.isEmpty
      ? "cannot \(operation): \(reason)" : "cannot \(operation): \(reason)\n\(log)"
  }
}
