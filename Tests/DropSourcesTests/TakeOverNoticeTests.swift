import Netlink
import NetlinkLab
import Testing

@testable import DropSources

struct TakeOverNoticeTests {
  private let notice = TakeOverNotice.message(from: "dwdump[812]", sequence: 0)

  @Test func `it is read as it was written`() {
    #expect(TakeOverNotice(notice)?.sender == "dwdump[812]")
  }

  @Test func `this process names itself`() {
    #expect(TakeOverNotice(TakeOverNotice.message(sequence: 0))?.sender.hasSuffix("]") == true)
  }

  @Test func `the original passes over it: no operation, and no command that it knows`() {
    #expect(Array(notice[4..<6]) == [1, 0])
    // Where a generic message has its command; NET_DM's end at 11 (1.5.4 knows them up to 8).
    #expect(notice[16] > 64)
  }

  @Test func `nothing, and every cut notice, is none`() {
    #expect(TakeOverNotice(nil) == nil)
    for count in 0..<notice.count { #expect(TakeOverNotice(Array(notice[..<count])) == nil) }
  }

  @Test(arguments: [
    KernelMessages.softwarePacket, KernelMessages.acknowledgement, KernelMessages.family,
    TakeOverNotice.message(from: "two\nlines", sequence: 0),
    TakeOverNotice.message(from: "\u{1B}[2J", sequence: 0),
    TakeOverNotice.message(from: String(repeating: "x", count: 33), sequence: 0),
  ])
  func `what is no notice, or is not fit to be shown, is none`(datagram: [UInt8]) {
    #expect(TakeOverNotice(datagram) == nil)
  }
}
