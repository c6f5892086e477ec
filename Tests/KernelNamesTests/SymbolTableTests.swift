import Bytes
import KernelNames
import Testing

private func table(_ text: String) throws(SymbolTableError) -> SymbolTable {
  try SymbolTable(kallsyms: Array(text.utf8))
}

/// A kernel in small: aliases, an end of text, data, two modules out of order, a BPF program.
private let sample = """
  0000000000000000 A __per_cpu_start
  ffffffff81000000 T startup_64
  ffffffff81000000 T _stext
  ffffffff81000000 W weak_alias
  ffffffff81000040 T kfree_skb
  ffffffff81000140 t tcp_v4_rcv.cold
  ffffffff81000200 T _etext
  ffffffff82000000 D jiffies
  ffffffff82000010 T data_follows
  ffffffff82000020 d some_data
  ffffffffc0402000 t nf_last\t[nf_tables]
  ffffffffc0401000 t nf_first\t[nf_tables]
  ffffffffc0500000 d nf_basic_objects\t[nf_tables]
  ffffffffc0300000 t tun_last\t[tun]
  ffffffffc0600000 t bpf_prog_6deef7357e7b4530_count\t[bpf]
  ffffffffc0600100 t bpf_prog_b438101194bedad4_x\t[bpf]
  ffffffffc0201000 t ftrace_trampoline\t[__builtin__ftrace]

  """

struct SymbolTableTests {
  @Test(
    arguments: [
      ("the beginning of a function", 0xffff_ffff_8100_0040, "kfree_skb+0x0/0x100"),
      ("its last byte", 0xffff_ffff_8100_013f, "kfree_skb+0xff/0x100"),
      ("the first of several names", 0xffff_ffff_8100_0001, "startup_64+0x1/0x40"),
      ("a cold part", 0xffff_ffff_8100_01ff, "tcp_v4_rcv.cold+0xbf/0xc0"),
      ("the end of the kernel's code", 0xffff_ffff_8100_0200, nil),
      ("behind it", 0xffff_ffff_8100_0300, nil),
      ("data", 0xffff_ffff_8200_0000, nil),
      ("a function with data behind", 0xffff_ffff_8200_001f, "data_follows+0xf"),
      ("that data", 0xffff_ffff_8200_0020, nil),
      ("below everything", 0x10, nil),
      ("a module listed out of order", 0xffff_ffff_c040_1fff, "nf_first+0xfff/0x1000 [nf_tables]"),
      ("a module's last function", 0xffff_ffff_c040_2ab0, "nf_last+0xab0 [nf_tables]"),
      ("a page behind it", 0xffff_ffff_c040_3000, nil),
      ("far behind a module's data", 0xffff_ffff_c056_5ea9, nil),
      ("another module's last function", 0xffff_ffff_c030_0fff, "tun_last+0xfff [tun]"),
      ("behind that, before the next module", 0xffff_ffff_c030_1000, nil),
      (
        "a BPF program", 0xffff_ffff_c060_0010,
        "bpf_prog_6deef7357e7b4530_count+0x10/0x100 [bpf]"
      ),
      ("a trampoline", 0xffff_ffff_c020_1005, "ftrace_trampoline+0x5 [__builtin__ftrace]"),
      ("behind the last symbol of all", 0xffff_ffff_ffff_ffff, nil),
    ] as [(String, UInt64, String?)])
  func `an address is given to the function that reaches it, or to none`(
    what: String, address: UInt64, symbol: String?
  ) throws {
    #expect(try table(sample).symbol(at: address)?.description == symbol, "\(what)")
  }

  @Test func `a return address at a function's beginning returns into the one before`() throws {
    let table = try table(sample)
    let address: UInt64 = 0xffff_ffff_8100_0140
    #expect(table.symbol(at: address)?.description == "tcp_v4_rcv.cold+0x0/0xc0")
    #expect(table.symbol(returningTo: address)?.description == "kfree_skb+0x100/0x100")
    #expect(table.symbol(returningTo: 0) == nil)
  }

  @Test func `of two names in a module the first listed wins, as in the kernel`() throws {
    let table = try table(
      """
      ffffffffc0401000 t tun_init\t[tun]
      ffffffffc0401000 t init_module\t[tun]

      """)
    #expect(table.symbol(at: 0xffff_ffff_c040_1000)?.name == "tun_init")
  }

  @Test func `addresses that are all zero are a restriction and no table`() {
    #expect(throws: SymbolTableError.restricted(pointerRestriction: nil)) {
      try table("0000000000000000 T _stext\n0000000000000000 t foo\t[bar]\n")
    }
  }

  @Test func `the text of a restriction says what to do`() {
    let hidden = SymbolTableError.restricted(pointerRestriction: 2).description
    #expect(hidden.contains("sysctl kernel.kptr_restrict=1"))
    #expect(SymbolTableError.restricted(pointerRestriction: 1).description.contains("CAP_SYSLOG"))
  }

  @Test(arguments: [
    "", "ffffffff82000000 D jiffies\n",
  ])
  func `a text without functions is empty`(text: String) {
    #expect(throws: SymbolTableError.empty) { try table(text) }
  }

  @Test(arguments: [
    "\n", "hello\n", "ffffffff81000000\n", "ffffffff81000000 T\n", "ffffffff81000000 T \n",
    "ffffffff81000000  T a\n", "ffffffff81000000 TT a\n", "10000000000000000 T a\n",
    "ffffffff81000000 T a [m]\n", "ffffffff81000000 T a\tm]\n", " ffffffff81000000 T a\n",
  ])
  func `a malformed line is named by its number`(line: String) {
    #expect(throws: SymbolTableError.malformed(line: 2)) {
      try table("ffffffff81000000 T _stext\n" + line + "ffffffff81000040 T kfree_skb\n")
    }
  }

  @Test func `every beginning of a good text is parsed or refused`() throws {
    let bytes = Array(sample.utf8)
    for length in 0..<bytes.count {
      let part = Array(bytes[..<length])
      do throws(SymbolTableError) {
        let table = try SymbolTable(kallsyms: part)
        #expect(part.last == UInt8(ascii: "\n"))
        #expect(table.count == part.count { $0 == UInt8(ascii: "\n") })
      } catch {
        let lines = part.count { $0 == UInt8(ascii: "\n") }
        let isWhole = part.isEmpty || part.last == UInt8(ascii: "\n")
        // Up to the first function's line there is none that has an address.
        #expect(error == (isWhole ? .empty : .truncated(line: lines + 1)))
      }
    }
  }

  @Test func `a missing file is unreadable`() {
    #expect(throws: SymbolTableError.self) { try SymbolTable.load(from: "/nowhere") }
  }
}
