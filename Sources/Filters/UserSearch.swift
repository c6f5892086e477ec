internal import Bytes

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
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try [UInt8](contentsOfFile: file)
    } catch {
      throw .invalid("--uid", text, "\(error)")
    }
    var names: [String] = []
    var reader = ByteReader(bytes.span.raw)
    while var line = reader.readLine() {
      guard let name = line.readReader(upTo: UInt8(ascii: ":"))?.rest.text,
        line.readReader(upTo: UInt8(ascii: ":")) != nil,
        let number = line.readReader(upTo: UInt8(ascii: ":"))?.rest.text
      else { continue }
      if name == text, let number = UInt32(number) { return number }
      names.append(name)
    }
    throw .unknown("user", text, near: nearNames(to: text, among: names), place: " in \(file)")
  }
}
