import Testing

@testable import SourceLines

struct SourceTreeTests {
  /// A kernel's directory and path of init/main.c, those of another file, and what it is in the tree.
  private static let cases: [(String, String, String, String, String)] = [
    // Debian: beside the tree, told relative to it.
    ("debian/build/x", "init/main.c", "debian/build/x", "net/ipv4/udp.c", "net/ipv4/udp.c"),
    (
      "debian/build/x", "init/main.c", "debian/build/x", "debian/build/x/include/linux/skbuff.h",
      "include/linux/skbuff.h"
    ),
    (
      "debian/build/x", "init/main.c", "/build/linux/debian/build/x",
      "/build/linux/arch/x86/kernel/head_64.S", "arch/x86/kernel/head_64.S"
    ),
    // In a folder called as one of the kernel's.
    ("/home/me/net/linux", "init/main.c", "/home/me/net/linux", "net/ipv4/udp.c", "net/ipv4/udp.c"),
    (
      "/home/me/net/linux", "init/main.c", "/home/me/net/linux",
      "/home/me/net/linux/./include/net/tcp.h", "include/net/tcp.h"
    ),
    // Beside the tree, by a way up.
    ("/src/build", "../init/main.c", "/src/build", "../net/core/dev.c", "net/core/dev.c"),
    ("/src/build", "/src/init/main.c", "/src/build", "/src/net/core/dev.c", "net/core/dev.c"),
    // A module from elsewhere keeps what does not look like the kernel's.
    ("/src", "init/main.c", "/root/mine", "mine.c", "mine.c"),
  ]

  @Test(arguments: cases)
  func `a file is told as it is in the kernel's tree`(
    kernel: String, main: String, directory: String, path: String, expected: String
  ) {
    let tree = SourceTree(
      of: Frame(path: main, line: 1, function: nil, directory: kernel), which: "init/main.c")
    #expect(
      tree.file(of: Frame(path: path, line: 1, function: nil, directory: directory)) == expected)
  }
}
