import DropModel
import Glibc
import Testing

@testable import SourceLines

/// A real kernel's file with debug information, if DROPWATCH_VMLINUX names one.
private let vmlinux = unsafe getenv("DROPWATCH_VMLINUX").map { unsafe String(cString: $0) }

@Suite(.enabled(if: vmlinux != nil, "DROPWATCH_VMLINUX names no kernel with debug information"))
struct KernelFileTests {
  /// Functions that drop, and some of which there are several (`dst_discard` and the like are not).
  static let functions = [
    "udp_queue_rcv_one_skb", "__udp4_lib_rcv", "tcp_v4_rcv", "tcp_rcv_established", "ip_rcv_core",
    "ip_rcv_finish_core", "ip_forward", "__netif_receive_skb_core", "__dev_queue_xmit", "icmp_rcv",
    "arp_process", "ip6_rcv_core", "ip6_forward", "__udp6_lib_rcv", "tcp_v6_rcv",
    "unix_dgram_sendmsg",
    "neigh_resolve_output", "ip_defrag", "sock_queue_rcv_skb_reason", "tcp_data_queue",
    "raw_rcv_skb",
    "ip_finish_output2", "enqueue_to_backlog", "sk_filter_trim_cap", "netlink_unicast",
  ]

  @Test func `calls that free packets have the lines that addr2line tells`() throws {
    let path = try #require(vmlinux)
    let file = try DebugFile(path: path)
    let main = try #require(file.directory(ofUnit: "init/main.c"))
    let tree = SourceTree(of: main, which: "init/main.c")
    var (compared, inlined, compiled) = (0, 0, Set<String>())
    for function in Self.functions {
      guard let range = file.functions(named: function).first else { continue }
      let text = try KernelTree.run([
        "objdump", "-d", "--no-show-raw-insn",
        "--start-address=0x" + String(range.lowerBound, radix: 16),
        "--stop-address=0x" + String(range.upperBound, radix: 16), path,
      ])
      let calls = text.split(separator: "\n").filter {
        $0.contains("call") && $0.contains("kfree_skb")
      }
      let addresses = calls.compactMap { UInt64($0.prefix { $0 != ":" }, radix: 16) }
      guard !addresses.isEmpty else { continue }
      let expected = try KernelTree.run(
        ["addr2line", "-i", "-f", "-a", "-e", path] + addresses.map { String($0, radix: 16) }
      ).replacing(main.directory.map { $0 + "/" } ?? "", with: "")
        .split(separator: "\n").map { $0.prefix { $0 != " " } }
      var told: [String] = []
      for address in addresses {
        let text = String(address, radix: 16)
        told.append("0x" + String(repeating: "0", count: 16 - text.count) + text)
        let frames = file.frames(at: address)
        for frame in frames {
          told += [frame.function ?? "", "\(tree.file(of: frame)):\(frame.line)"]
          compiled.insert(tree.file(of: frame))
        }
        compared += 1
        inlined += frames.count > 1 ? 1 : 0
      }
      #expect(told == expected.map(String.init), "\(function)")
    }
    #expect(compared > 20)
    #expect(inlined > 0)
    let folders = ["net/", "include/", "arch/"]
    #expect(compiled.allSatisfy { file in folders.contains { file.hasPrefix($0) } }, "\(compiled)")
    print("compared \(compared) calls, \(inlined) of them inlined, in \(compiled.count) files")
  }
}
