import Bytes
import Testing

@testable import Terminal

struct HexDumpTests {
  @Test(arguments: [
    (0..<0, ""), (0..<3, "\t0x0000:  0041 7f                                  .A.\n"),
    (1..<17, "\t0x0000:  417f 4344 4546 4748 494a 4b4c 4d4e 4f50  A.CDEFGHIJKLMNOP\n"),
    (
      1..<19,
      """
      \t0x0000:  417f 4344 4546 4748 494a 4b4c 4d4e 4f50  A.CDEFGHIJKLMNOP
      \t0x0010:  5152                                     QR

      """
    ),
  ])
  func `sixteen bytes make a line`(range: Range<Int>, lines: String) {
    var bytes: [UInt8] = [0, 0x41, 0x7F]
    bytes += (0x43...0x60).map { UInt8($0) }
    var buffer = TextBuffer()
    buffer.append(dump: bytes.span, range)
    #expect(buffer.text == lines)
  }
}
