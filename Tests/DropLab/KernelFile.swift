import Glibc

/// Small files of procfs, sysfs and tracefs, as the calling thread's namespace shows them.
package enum KernelFile {
  /// Writes `text` in one call, which is what these file systems want.
  package static func write(_ text: String, to path: String) throws(LabError) {
    let file = try Descriptor(unsafe open(path, O_WRONLY | O_CLOEXEC), "open \(path)")
    let bytes = [UInt8](text.utf8)
    let written = unsafe Glibc.write(file.number, bytes, bytes.count)
    guard written == bytes.count else { throw LabError(errnoOf: "write \(text) to \(path)") }
  }

  /// The bytes of a whole file.
  package static func bytes(of path: String) throws(LabError) -> [UInt8] {
    try Descriptor(unsafe open(path, O_RDONLY | O_CLOEXEC), "open \(path)").readToEnd()
  }

  /// The text of a whole file.
  package static func text(of path: String) throws(LabError) -> String {
    String(decoding: try bytes(of: path), as: UTF8.self)
  }

  /// The names in a directory, unsorted, without `.` and `..`; empty if it cannot be read.
  package static func names(in directory: String) -> [String] {
    guard let stream = unsafe opendir(directory) else { return [] }
    defer { unsafe _ = closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// The inode number of a path, which for a netns file is the namespace's identity.
  package static func inode(of path: String) throws(LabError) -> UInt64 {
    var status = stat()
    try checked(unsafe stat(path, &status), "stat \(path)")
    return UInt64(status.st_ino)
  }
}
