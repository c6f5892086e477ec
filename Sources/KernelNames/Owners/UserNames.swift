package import Bytes

/// The names of users, from /etc/passwd: passwd(5).
///
/// Not from getpwuid(3), which loads shared libraries that a static program does not have; users
/// that only a directory service knows stay numbers.
package struct UserNames {
  private let names: [UInt32: String]
  private let numbers: [String: UInt32]

  package init(file: String = "/etc/passwd") throws(FileError) {
    let bytes = try [UInt8](contentsOfFile: file)
    var names: [UInt32: String] = [:]
    var numbers: [String: UInt32] = [:]
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let fields = line.split(separator: ":", omittingEmptySubsequences: false)
      guard fields.count >= 3, let uid = UInt32(fields[2]) else { continue }
      // The first of several names for a number is the one that getpwuid(3) finds.
      if names[uid] == nil { names[uid] = String(fields[0]) }
      numbers[String(fields[0])] = uid
    }
    self.names = names
    self.numbers = numbers
  }

  /// The name of a user; nil if the file has none.
  package func name(of uid: UInt32) -> String? { names[uid] }

  /// The number of a user; nil if the file has no such name.
  package func uid(of name: String) -> UInt32? { numbers[name] }

  /// All names, in no order.
  package var all: [String] { Array(numbers.keys) }
}
