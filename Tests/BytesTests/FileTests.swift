import Bytes
import Glibc
import Testing

struct FileTests {
  @Test func `a file of procfs, whose size is said to be zero, is read whole`() throws {
    let bytes = try [UInt8](contentsOfFile: "/proc/self/status")
    let text = bytes.span.text
    #expect(text.hasPrefix("Name:"))
    #expect(text.hasSuffix("\n"))
  }

  @Test func `a missing file says so`() {
    let error = #expect(throws: FileError.self) {
      try [UInt8](contentsOfFile: "/nowhere/at all")
    }
    #expect(error?.isMissing == true)
    #expect(error?.description == "cannot open /nowhere/at all: no such file or directory")
  }

  @Test func `a directory is opened and cannot be read`() {
    #expect(throws: FileError(.read, path: "/", code: EISDIR)) {
      _ = try [UInt8](contentsOfFile: "/")
    }
  }
}
