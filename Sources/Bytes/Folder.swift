import Glibc

/// What lies in a folder, without "." and ".."; nothing if it cannot be read.
///
/// `onlyFolders` is for file systems that tell an entry's kind (`d_type`), as the kernel's own do.
package func entries(ofFolder path: String, onlyFolders: Bool = false) -> [String] {
  guard let directory = unsafe opendir(path) else { return [] }
  defer { unsafe closedir(directory) }
  var names: [String] = []
  while let entry = unsafe readdir(directory) {
    // Safe: the kernel ends names with a byte 0 within the array.
    let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    let isFolder = unsafe entry.pointee.d_type == UInt8(DT_DIR)
    if name != ".", name != "..", isFolder || !onlyFolders { names.append(name) }
  }
  return names
}

/// What a symbolic link says, up to 255 bytes of it; nil if it is none: readlink(2).
package func target(ofLink path: String) -> String? {
  var buffer = [CChar](repeating: 0, count: 256)
  let length = unsafe readlink(path, &buffer, buffer.count)
  guard length > 0 else { return nil }
  return String(decoding: buffer[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
}
