internal import Glibc
internal import NetlinkLab

/// A good input of a parser, for the fuzzer to begin with.
struct Seed {
  let parser: Parser
  let bytes: [UInt8]

  /// At least one of each parser.
  static var all: [Seed] {
    let alerts = [
      KernelMessages.summary, KernelMessages.hardwareSummary, KernelMessages.softwarePacket,
      KernelMessages.hardwarePacket,
    ]
    let answers = [
      KernelMessages.family, KernelMessages.acknowledgement, KernelMessages.alreadyOn,
      KernelMessages.alreadyOff, KernelMessages.invalidAttribute, KernelMessages.configuration,
      KernelMessages.statistics,
    ]
    return (answers + alerts).map { Seed(parser: .netlink, bytes: $0) }
      + answers.map { Seed(parser: .replies, bytes: $0) }
      + (alerts + [KernelMessages.summary + KernelMessages.summary]).map {
        Seed(parser: .dropMonitor, bytes: $0)
      } + [
        Seed(parser: .listeners, bytes: [1] + listeners),
        Seed(parser: .perfRecords, bytes: records),
        Seed(parser: .tracepointFormat, bytes: format),
        Seed(parser: .symbols, bytes: symbols),
        Seed(parser: .types, bytes: types),
        Seed(parser: .chunks, bytes: ChunkInput.chunk),
      ] + packets + FilterInput.seeds.map { Seed(parser: .filters, bytes: $0) }
      + CounterInput.seeds.map { Seed(parser: .counters, bytes: $0) }
      + ChangeInput.seeds.map { Seed(parser: .changes, bytes: $0) }
  }

  /// Writes it as an input of the fuzzer: the parser's number, and the bytes.
  func write(to path: String) {
    let input = [parser.rawValue] + bytes
    guard let file = unsafe fopen(path, "w") else {
      end("cannot write \(path): \(unsafe String(cString: strerror(errno)))")
    }
    let written = unsafe fwrite(input, 1, input.count, file)
    let isClosed = unsafe fclose(file) == 0
    guard written == input.count, isClosed else {
      end("cannot write all of \(path)")
    }
  }

  /// /proc/net/netlink with one listener to group 1.
  private static let listeners = Array(
    """
    sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode
    0000000000000000 0   811        00000111 0        0        0     2        0        8123
    0000000000000000 16  812        00000001 0        0        0     2        0        8124

    """.utf8)

  /// A sample and a loss of a perf ring: see perf_event_open(2).
  private static let records = [UInt8](
    hex: """
      09000000 0100 4000 15cd5b0700000000 2c000000  // PERF_RECORD_SAMPLE of 64 bytes: time, size
      0102 03 04 05060708 1011121314151617 2021222324252627 3031323334353637 0800 0000 03000000
      00000000
      02000000 0000 1800 0700000000000000 e803000000000000  // PERF_RECORD_LOST: 1,000
      """)

  /// skb:kfree_skb as on 6.12, with two of its reasons.
  static let format = Array(
    """
    name: kfree_skb
    ID: 1630
    format:
    \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;

    \tfield:void * location;\toffset:16;\tsize:8;\tsigned:0;
    \tfield:const void * rx_sk;\toffset:24;\tsize:8;\tsigned:0;
    \tfield:unsigned short protocol;\toffset:32;\tsize:2;\tsigned:0;
    \tfield:enum skb_drop_reason reason;\toffset:36;\tsize:4;\tsigned:0;

    print fmt: "%s", __print_symbolic(REC->reason, { 2, "NOT_SPECIFIED" }, { 3, "NO_SOCKET" })

    """.utf8)

  private static let symbols = Array(
    """
    ffffffff81000000 T startup_64
    ffffffff81000040 T kfree_skb
    ffffffff81000200 T _etext
    ffffffff82000020 d some_data
    ffffffffc0402000 t nf_last\t[nf_tables]
    ffffffffc0401000 t nf_first\t[nf_tables]

    """.utf8)

  /// BTF with one type of each kind that is asked for: see include/uapi/linux/btf.h.
  private static let types = [UInt8](
    hex: """
      9feb 01 00 18000000 00000000 8c000000 8c000000 3f000000  // header
      01000000 00000001 04000000 20000000           // 1: int
      00000000 00000002 00000000                    // 2: void *
      05000000 01000004 08000000 0d000000 02000000 00000000  // 3: struct sk_buff { void *dev; }
      11000000 01000006 04000000 21000000 02000000  // 4: enum skb_drop_reason { ANY = 2 }
      00000000 0100000d 00000000 00000000 02000000  // 5: a function of one parameter
      00000000 00000002 05000000                    // 6: a pointer to it
      25000000 00000008 06000000                    // 7: typedef of that: btf_trace_kfree_skb
      39000000 01000013 08000000 21000000 01000000 02000000  // 8: enum large { ANY = 0x200000001 }
      00 696e7400 736b5f62756666 00 64657600 736b625f64726f705f726561736f6e 00 414e5900
      6274665f74726163655f6b667265655f736b62 00 6c6172676500
      """)
}
