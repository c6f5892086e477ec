import Bytes
import Glibc

/// A small kernel's source and what a compiler makes of it, in a folder of its own below /tmp: the files that
/// a machine with that kernel has, with this folder for root.
final class KernelTree {
  /// Compilers that are here: gcc writes .debug_aranges, clang does not.
  static let compilers = ["gcc", "clang"].filter { name in
    (try? KernelTree.run([name, "--version"])) != nil
  }

  static let release = "6.1.0-lab"

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let root: String
  private let compiler: String

  /// The kernel, where a machine runs it at other addresses than those of its file.
  var kernel: String { "\(root)/usr/lib/debug/boot/vmlinux-\(Self.release)" }
  /// A module with a name that its file spells otherwise.
  var module: String { "\(root)/usr/lib/debug/lib/modules/\(Self.release)/kernel/net/lab-net.ko" }

  init(compiler: String) throws {
    self.compiler = compiler
    var template = Array("/tmp/dwlab-lines-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw Failure(description: "no folder in /tmp") }
    root = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    for folder in [
      "build/include/linux", "build/init", "build/net/ipv4", "sys/kernel",
      "sys/module/lab_net/notes",
      "usr/lib/debug/boot", "usr/lib/debug/lib/modules/\(Self.release)/kernel/net",
      "lib/modules/\(Self.release)",
    ] {
      try Self.run(["mkdir", "-p", "\(root)/\(folder)"])
    }
    for (name, text) in Self.sources { try write(text, to: "build/\(name)") }
    try link()
  }

  deinit { _ = try? Self.run(["rm", "-rf", root]) }

  func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

  func write(_ bytes: [UInt8], to name: String) throws {
    guard let file = unsafe fopen("\(root)/\(name)", "w") else {
      throw Failure(description: "cannot write \(name)")
    }
    unsafe fwrite(bytes, 1, bytes.count, file)
    unsafe fclose(file)
  }

  private func link() throws {
    let flags = [
      "-g", "-O2", "-ffreestanding", "-fno-pic", "-fno-pie", "-fno-stack-protector",
      "-fno-asynchronous-unwind-tables",
      "-Iinclude",
    ]
    for file in ["init/main", "net/ipv4/udp", "net/ipv4/tcp", "net/ipv4/lab"] {
      try inBuild([compiler] + flags + ["-c", "\(file).c", "-o", "\(file).o"])
    }
    try inBuild([
      "ld", "-static", "--build-id", "-Ttext=0xffffffff81000000", "-e", "start_kernel", "-o",
      kernel,
      "init/main.o", "net/ipv4/udp.o", "net/ipv4/tcp.o",
    ])
    try inBuild(["ld", "-r", "--build-id", "-o", module, "net/ipv4/tcp.o", "net/ipv4/lab.o"])
    try inBuild([
      "objcopy", "-O", "binary", "--only-section=.note.gnu.build-id", kernel,
      "\(root)/sys/kernel/notes",
    ])
    try inBuild([
      "objcopy", "-O", "binary", "--only-section=.note.gnu.build-id",
      "--set-section-flags", ".note.gnu.build-id=alloc", module,
      "\(root)/sys/module/lab_net/notes/.note.gnu.build-id",
    ])
    try write(
      "kernel/net/other.ko:\nkernel/net/lab-net.ko.xz: kernel/net/other.ko\n",
      to: "lib/modules/\(Self.release)/modules.dep")
  }

  func inBuild(_ words: [String]) throws {
    try Self.run(["env", "-C", "\(root)/build"] + words)
  }

  /// What a command writes to standard output.
  @discardableResult static func run(_ words: [String]) throws -> String {
    let command = words.map { "'\($0)'" }.joined(separator: " ") + " 2>/dev/null"
    guard let stream = unsafe popen(command, "r") else {
      throw Failure(description: "cannot run \(command)")
    }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = unsafe fread(&buffer, 1, buffer.count, stream), count > 0 {
      output += buffer[..<count]
    }
    let status = unsafe pclose(stream)
    guard status == 0 else { throw Failure(description: "\(command): status \(status >> 8)") }
    return String(decoding: output, as: UTF8.self)
  }

  private static let sources = [
    "include/linux/skbuff.h": """
    extern volatile int freed;
    void kfree_skb_reason(int reason);

    static inline __attribute__((always_inline)) void kfree_skb(void)
    {
    \tkfree_skb_reason(2);
    \tfreed++;
    }

    """,
    "init/main.c": """
    volatile int freed;
    void udp_rcv(int length);
    void tcp_rcv(int length);

    __attribute__((noinline)) void kfree_skb_reason(int reason)
    {
    \tfreed += reason;
    }

    void start_kernel(void)
    {
    \tudp_rcv(freed);
    \ttcp_rcv(freed);
    \tfreed = 0;
    }

    """,
    "net/ipv4/udp.c": """
    #include <linux/skbuff.h>

    static inline __attribute__((always_inline)) void udp_csum(int length)
    {
    \tif (length < 8)
    \t\tkfree_skb();
    \tfreed += 3;
    }

    static __attribute__((noinline)) int discard(int length)
    {
    \tkfree_skb_reason(length);
    \tfreed++;
    \treturn freed;
    }

    void udp_rcv(int length)
    {
    \tfreed++;
    \tudp_csum(length);
    \tif (discard(length))
    \t\tkfree_skb_reason(6);
    \tfreed += 2;
    }

    """,
    "net/ipv4/tcp.c": """
    #include <linux/skbuff.h>

    static __attribute__((noinline)) int discard(int length)
    {
    \tfreed++;
    \tfreed += length;
    \tkfree_skb();
    \treturn freed + 4;
    }

    void tcp_rcv(int length)
    {
    \tif (discard(length) > 3)
    \t\tkfree_skb_reason(7);
    \tfreed += 9;
    }

    """,
    "net/ipv4/lab.c": """
    #include <linux/skbuff.h>

    void lab_rcv(int length)
    {
    \tif (length)
    \t\tkfree_skb();
    \tfreed += 7;
    }

    """,
  ]
}
