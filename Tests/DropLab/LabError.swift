import CDropLab
import Glibc

/// A step of the laboratory that failed, with what it was about and what the kernel said.
package struct LabError: Error, CustomStringConvertible {
  /// What was tried, on what, and the kernel's or the tool's words.
  package let description: String

  /// Makes an error from a whole sentence.
  package init(_ description: String) {
    self.description = description
  }

  /// Makes an error from the calling thread's `errno`, to be called before anything resets it.
  package init(errnoOf operation: @autoclosure () -> String) {
    // Before the sentence is built, which may allocate.
    let code = dwlab_errno()
    let text = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    self.description = "cannot \(operation()): \(text)"
  }
}

/// Passes on a system call's result, or throws what `errno` says when it is negative.
@discardableResult
func checked<Result: SignedInteger>(
  _ result: Result, _ operation: @autoclosure () -> String
) throws(LabError) -> Result {
  guard result >= 0 else { throw LabError(errnoOf: operation()) }
  return result
}
