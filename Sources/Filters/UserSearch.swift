internal import Bytes
internal import KernelNames

/// Finds the user that `--uid` names.
package struct UserSearch: Sendable {
  private let file: String

  /// `file` is there for tests: passwd(5).
  package init(file: String = "/etc/passwd") { self.file = file }

  /// The number of a user, given as such or by name.
  ///
  /// Only the file is asked: a directory's users are in the network, which may be what is wrong.
  package func number(of text: String) throws(FilterError) -> UInt32 {
    if let number = UInt32(text) { return number }
    let users: UserNames
    do throws(FileError) {
      users = try UserNames(file: file)
    } catch {
      throw .invalid("--uid", text, "\(error)")
    }
    if let number = users.uid(of: text) { return number }
    throw .unknown("user", text, near: nearNames(to: text, among: users.all), place: " in \(file)")
  }
}
