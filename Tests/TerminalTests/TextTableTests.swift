import Bytes
import Terminal
import Testing

struct TextTableTests {
  private var table: TextTable {
    var table = TextTable(columns: [
      .init("DROPS", alignsRight: true), .init("SITE", minimumWidth: 8), .init("NETNS"),
    ])
    table.rows = [
      ["7", "tcp_v4_rcv+0x9e", "red"], ["1,234", "__netif_receive_skb_core+0x13e", "init"],
    ]
    return table
  }

  private func text(_ table: TextTable, width: Int? = nil, isColored: Bool = false) -> [String] {
    var buffer = TextBuffer()
    table.write(to: &buffer, width: width, isColored: isColored)
    return buffer.text.split(separator: "\n").map(String.init)
  }

  @Test func `columns align and no line ends in spaces`() {
    #expect(
      text(table) == [
        "DROPS  SITE                            NETNS",
        "    7  tcp_v4_rcv+0x9e                 red",
        "1,234  __netif_receive_skb_core+0x13e  init",
      ])
  }

  @Test func `a narrow terminal shortens what may be shortened, in the middle`() {
    let lines = text(table, width: 34)
    #expect(lines.allSatisfy { $0.unicodeScalars.count <= 34 })
    #expect(lines[2] == "1,234  __netif_re…ore+0x13e  init")
  }

  @Test func `a dispensable column goes before anything is shortened`() {
    var table = table
    table.columns[0].isDispensable = true
    #expect(text(table, width: 40)[2] == "__netif_receive_skb_core+0x13e  init")
    #expect(text(table, width: 80)[2].hasPrefix("1,234"))
  }

  @Test func `no cell is cut below its minimum`() {
    let lines = text(table, width: 10)
    #expect(lines[2].contains("__ne…13e"))
    #expect(lines[2].hasPrefix("1,234"))
  }

  @Test func `colour does not change the columns`() {
    var table = table
    table.rows[0][1] = .init("tcp_v4_rcv+0x9e", .cyan)
    let plain = text(table)
    let colored = text(table, isColored: true)
    #expect(colored[1] != plain[1])
    #expect(
      colored[1].replacing("\u{1B}[36m", with: "").replacing("\u{1B}[0m", with: "") == plain[1])
  }

  @Test(arguments: [
    (UInt64(0), "0.0"), (25, "25.0"), (999, "999.0"), (12_345, "12.3k"), (999_960, "1.00M"),
    (2_100_000, "2.10M"),
  ])
  func `a rate takes few characters`(count: UInt64, expected: String) {
    #expect(rate(count, .seconds(1)) == expected)
  }

  @Test(arguments: [
    (ColorChoice.auto, true, [:], true), (.auto, false, [:], false),
    (.auto, true, ["NO_COLOR": "1"], false), (.auto, true, ["NO_COLOR": ""], true),
    (.auto, true, ["TERM": "dumb"], false), (.always, false, ["NO_COLOR": "1"], true),
    (.never, true, [:], false),
  ])
  func `colour is used where it helps`(
    choice: ColorChoice, isTerminal: Bool, environment: [String: String], expected: Bool
  ) {
    #expect(choice.isColored(isTerminal: isTerminal, environment: environment) == expected)
  }
}
