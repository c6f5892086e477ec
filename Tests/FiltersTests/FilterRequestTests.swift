import Filters
import Glibc
import KernelNames
import Testing

/// What the user writes, and what is looked up for it.
struct FilterRequestTests {
  private static let kallsyms = """
    ffffffff81000000 T _stext
    ffffffff81001000 T tcp_v4_rcv
    ffffffff81001800 t tcp_v4_rcv.cold
    ffffffff81001900 T tcp_v4_do_rcv
    ffffffff81002000 t helper
    ffffffff81002100 t other
    ffffffffc0000000 t helper\t[nf_tables]
    ffffffffc0000040 t nft_do_chain\t[nf_tables]

    """

  private static func names(_ text: String = kallsyms) -> FilterRequest.Names {
    FilterRequest.Names(reasons: { DropReasonTable() }) { () throws(SymbolTableError) in
      try SymbolTable(kallsyms: Array(text.utf8))
    }
  }

  @Test(
    arguments: [
      (
        "tcp_v4_rcv",
        [
          0xFFFF_FFFF_8100_1000..<0xFFFF_FFFF_8100_1800,
          0xFFFF_FFFF_8100_1800..<0xFFFF_FFFF_8100_1900,
        ]
      ),
      ("tcp_v4_rcv+0x9e", [0xFFFF_FFFF_8100_109E..<0xFFFF_FFFF_8100_109F]),
      ("tcp_v4_rcv+9e", [0xFFFF_FFFF_8100_109E..<0xFFFF_FFFF_8100_109F]),
      (
        "helper",
        [
          0xFFFF_FFFF_8100_2000..<0xFFFF_FFFF_8100_2100,
          0xFFFF_FFFF_C000_0000..<0xFFFF_FFFF_C000_0040,
        ]
      ),
      ("0xffffffff81001234", [0xFFFF_FFFF_8100_1234..<0xFFFF_FFFF_8100_1235]),
    ] as [(String, [Range<UInt64>])])
  func `a site is all functions of its name, or one place`(
    site: String, ranges: [Range<UInt64>]
  ) throws {
    var request = FilterRequest()
    request.sites = [site]
    #expect(try request.resolve(Self.names()).sites == ranges)
  }

  @Test(arguments: [
    ("tcp_v4_rvc", "there is no function 'tcp_v4_rvc' here. Near it: tcp_v4_rcv"),
    ("tcp_v4_rcv+0x900", "cannot use --site tcp_v4_rcv+0x900: the function is shorter than that"),
    (
      "tcp_v4_rcv+zz",
      "cannot use --site tcp_v4_rcv+zz: what follows the + is not a hexadecimal number"
    ),
    ("0xzz", "cannot use --site 0xzz: it is not an address"),
    ("", "there is no function '' here"),
  ])
  func `a site that is not there is told with those like it`(site: String, sentence: String) {
    var request = FilterRequest()
    request.sites = [site]
    let error = #expect(throws: FilterError.self) { try request.resolve(Self.names()) }
    #expect(error?.description.hasPrefix(sentence) == true, "\(error?.description ?? "")")
  }

  @Test func `more functions than there is room for are refused`() {
    let lines = (0..<40).map { "ffffffff8100\(100 + $0)0 t init_once" }
    var request = FilterRequest()
    request.sites = ["init_once"]
    let names = Self.names(lines.joined(separator: "\n") + "\nffffffff81009000 t end\n")
    #expect(throws: FilterError.tooMany("--site names 40 functions", most: 32)) {
      try request.resolve(names)
    }
  }

  @Test func `a reason is refused where there are none`() {
    var request = FilterRequest()
    request.reasons = ["NO_SOCKET"]
    let error = #expect(throws: FilterError.self) { try request.resolve(Self.names()) }
    #expect(
      error?.description
        == "cannot use --reason NO_SOCKET: this kernel's reasons cannot be read, or it has none")
  }

  @Test(.enabled(if: DropReasonTable.load().count > 0, "this kernel gives no reasons"))
  func `a reason has many spellings and one mistake gives its likes`() throws {
    let table = DropReasonTable.load()
    var names = Self.names()
    names.reasons = { table }
    let spellings = ["NO_SOCKET", "no_socket", "SKB_DROP_REASON_NO_SOCKET", "core/no_socket"]
    for spelling in spellings {
      var request = FilterRequest()
      request.reasons = [spelling]
      let reasons = try request.resolve(names).reasons
      let number = try #require(table.reason(spelled: "NO_SOCKET"))
      #expect(reasons == [.number(number, spelling: "NO_SOCKET")], "\(spelling)")
    }
    var wrong = FilterRequest()
    wrong.unwantedReasons = ["NO_SOCKETS"]
    let error = #expect(throws: FilterError.self) { try wrong.resolve(names) }
    #expect(
      error?.description.hasPrefix("there is no drop reason 'NO_SOCKETS' here. Near it: NO_SOCKET")
        == true)
    var trap = FilterRequest()
    trap.reasons = ["hardware/blackhole_route"]
    #expect(try trap.resolve(names).reasons == [.trap("blackhole_route")])
  }

  @Test func `what was written is repeated in one line`() {
    var request = FilterRequest()
    #expect(request.text.isEmpty)
    request.expression = "  udp\n port 53 "
    request.reasons = ["NO_SOCKET", "qdisc/OVERLIMIT"]
    request.devices = ["eth0"]
    #expect(
      request.text == "udp port 53; reason=NO_SOCKET; reason=qdisc/OVERLIMIT; device=eth0")
  }

  @Test func `an empty request asks for everything and looks nothing up`() throws {
    let names = FilterRequest.Names(reasons: { DropReasonTable() }) {
      () throws(SymbolTableError) in throw .empty
    }
    #expect(try FilterRequest().resolve(names).isEmpty)
    #expect(try FilterRequest().resolve(names).criteria.isEmpty)
  }
}
