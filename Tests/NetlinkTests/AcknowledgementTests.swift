import NetlinkLab
import Testing

@testable import Netlink

/// How requests end: NLMSG_ERROR and NLMSG_DONE.
struct AcknowledgementTests {
  @Test(
    arguments: [
      ("done", KernelMessages.acknowledgement, 0, nil, nil),
      ("refused without a word", KernelMessages.notPermitted, 1, nil, nil),
      (
        "refused with a sentence", KernelMessages.busy, 16,
        "drop_monitor: Cannot configure drop monitor during monitoring", nil
      ),
      (
        "done with a warning", KernelMessages.alreadyOff, 0,
        "drop_monitor: Trace state already set to requested state", nil
      ),
      (
        "refused with the place and a policy", KernelMessages.invalidAttribute, 22,
        "invalid attribute length", 20
      ),
    ] as [(String, [UInt8], Int32, String?, UInt32?)])
  func `a kernel's answer is understood`(
    what: String, bytes: [UInt8], code: Int32, sentence: String?, offset: UInt32?
  ) throws {
    let answer = try Decoded.acknowledgement(bytes)
    #expect(answer.code == code, "\(what)")
    #expect(answer.sentence == sentence, "\(what)")
    #expect(answer.offset == offset, "\(what)")
  }

  /// What a kernel before 4.12 sends, and a newer one without NETLINK_CAP_ACK.
  @Test func `the request that is repeated, padded, is not taken for attributes`() throws {
    let bytes = [UInt8](
      hex: """
        39000000 0200 0002 01000000 8c000000  // NLM_F_ACK_TLVS, not capped
        eaffffff                              // EINVAL
        11000000 2000 0500 01000000 00000000  // the request: 17 bytes
        05 000000                             // what it had behind its header, padding
        0800 0200 14000000                    // offset
        0900 0100 6e6f706500                  // "nope"
        """)
    let answer = try Decoded.acknowledgement(bytes)
    #expect(answer.code == 22)
    #expect(answer.sentence == "nope")
    #expect(answer.offset == 20)
  }

  @Test(
    arguments: [
      ("without a code", "10000000 0300 0200 01000000 8c000000", 0, nil),
      ("with a code", "14000000 0300 0200 01000000 8c000000 00000000", 0, nil),
      ("with an errno", "14000000 0300 0200 01000000 8c000000 f4ffffff", 12, nil),
      (
        "with an errno and a sentence",
        "1c000000 0300 0202 01000000 8c000000 f4ffffff 0700 0100 6e6f00 00", 12, "no"
      ),
    ] as [(String, String, Int32, String?)])
  func `a dump's end is understood`(
    what: String, hex: String, code: Int32, sentence: String?
  ) throws {
    let answer = try Decoded.acknowledgement([UInt8](hex: hex))
    #expect(answer.code == code, "\(what)")
    #expect(answer.sentence == sentence, "\(what)")
  }

  @Test(arguments: [
    ("a positive code", "01000000"), ("the most positive", "ffffff7f"),
    ("one that has no positive counterpart", "00000080"),
  ])
  func `a code that is no negative errno is refused`(what: String, code: String) {
    for type in ["0200", "0300"] {
      let bytes = [UInt8](
        hex: "24000000 \(type) 0001 01000000 8c000000 \(code) 14000000 1000 0500 01000000 00000000")
      #expect(throws: NetlinkError.self, "\(what)") { try Decoded.acknowledgement(bytes) }
    }
  }

  @Test(arguments: [
    KernelMessages.acknowledgement, KernelMessages.alreadyOn, KernelMessages.invalidAttribute,
  ])
  func `every answer cut short is refused, or has lost whole attributes`(whole: [UInt8]) throws {
    let answer = try Decoded.acknowledgement(whole)
    for length in 16..<whole.count {
      var bytes = Array(whole.prefix(length))
      bytes[0] = UInt8(length)
      guard let cut = try? Decoded.acknowledgement(bytes) else { continue }
      #expect(length >= 36, "\(length) bytes are no answer")
      #expect(cut.code == answer.code)
      #expect(cut.sentence == nil || cut.sentence == answer.sentence)
      #expect(cut.offset == nil || cut.offset == answer.offset)
    }
  }

  @Test(arguments: ["10000000", "ffffffff", "00000000"])
  func `a repeated request's length is believed only within the answer`(length: String) {
    let bytes = [UInt8](
      hex: "24000000 0200 0000 01000000 8c000000 ffffffff \(length) 1000 0500 01000000 00000000")
    let answer = try? Decoded.acknowledgement(bytes)
    #expect((answer == nil) == (length == "ffffffff"))
  }
}
