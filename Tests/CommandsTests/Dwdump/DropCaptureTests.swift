import DropModel
import Netlink
import NetlinkLab
import Packets
import Testing

@testable import Dwdump

/// The file that is put together from the drop monitor's datagrams.
struct DropCaptureTests {
  private let time = WallTime(nanoseconds: 1_700_000_001_234_567_890)
  private let family = GenericFamily(
    name: "NET_DM", number: 32, version: 2, groups: ["events": 1], reply: KernelMessages.family)
  /// Bytes before a message: the record's header and the cooked one.
  private let overhead = 16 + PcapWriter.cookedSize

  /// A file that has been written up to its first record.
  private func begun(limit: UInt64? = nil) -> DropCapture {
    var capture = DropCapture(family: family, at: time, limit: limit)
    #expect(capture.wrote(capture.bytes.count) == 0)
    return capture
  }

  @Test func `the first record is the family's description as the kernel sent it`() {
    let capture = DropCapture(family: family, at: time)
    let start = PcapWriter.headerSize + overhead
    #expect(Array(capture.bytes[start...]) == KernelMessages.family)
    #expect(capture.taken == .init(messages: 0, packets: 0, bytes: UInt64(capture.bytes.count)))
  }

  @Test(
    arguments: [
      (KernelMessages.softwarePacket, 1), (KernelMessages.hardwarePacket, 1),
      (KernelMessages.summary, 0), (KernelMessages.hardwareSummary, 0),
    ] as [([UInt8], UInt64)])
  func `each alert is a record, as received`(message: [UInt8], packets: UInt64) throws {
    var message = message
    message[4] = 32
    var capture = begun()
    try capture.add(message, at: time)
    #expect(Array(capture.bytes[overhead...]) == message)
    #expect(capture.taken.messages == 1)
    #expect(capture.taken.packets == packets)
  }

  @Test func `messages of one datagram become records of their own`() throws {
    var capture = begun()
    try capture.add(KernelMessages.softwarePacket + KernelMessages.summary, at: time)
    #expect(
      capture.bytes.count
        == 2 * overhead + KernelMessages.softwarePacket.count + KernelMessages.summary.count)
    #expect(capture.taken.messages == 2)
  }

  @Test func `what is no alert, or another family's, is passed over`() throws {
    var capture = begun()
    var foreign = KernelMessages.softwarePacket
    foreign[4] = 33
    try capture.add(foreign + KernelMessages.statistics, at: time)
    try capture.add(KernelMessages.acknowledgement, at: time)
    #expect(capture.bytes.isEmpty)
    #expect(capture.taken.messages == 0)
  }

  @Test func `every cut datagram is refused, and nothing of it is in the file`() throws {
    let message = KernelMessages.softwarePacket
    for count in 1..<message.count {
      var capture = begun()
      #expect(throws: NetlinkError.self, "\(count) bytes") {
        try capture.add(Array(message[..<count]), at: time)
      }
      #expect(capture.bytes.isEmpty)
      #expect(capture.taken.messages == 0)
    }
  }

  @Test func `what stands before a fault is kept`() throws {
    var capture = begun()
    #expect(throws: NetlinkError.self) {
      try capture.add(KernelMessages.softwarePacket + [1, 2, 3], at: time)
    }
    #expect(capture.taken.packets == 1)
    #expect(capture.bytes.count == overhead + KernelMessages.softwarePacket.count)
  }

  @Test func `an alert that no reader would take is unreadable`() throws {
    var capture = begun()
    var message = KernelMessages.softwarePacket
    message += [UInt8](repeating: 0, count: PcapWriter.longestRecord - message.count)
    message.replaceSubrange(0..<4, with: [0, 0, 4, 0])
    #expect(throws: NetlinkError.self) { try capture.add(message, at: time) }
    #expect(capture.bytes.isEmpty)
  }

  @Test func `with a limit it takes exactly so many packets`() throws {
    var capture = begun(limit: 2)
    try capture.add(KernelMessages.softwarePacket + KernelMessages.summary, at: time)
    #expect(!capture.isFull)
    try capture.add(KernelMessages.softwarePacket + KernelMessages.softwarePacket, at: time)
    #expect(capture.isFull)
    #expect(capture.taken.packets == 2)
    #expect(capture.taken.messages == 3)
  }

  @Test func `wherever writing ends, whole records are told from the rest`() throws {
    let record = overhead + KernelMessages.softwarePacket.count
    for count in 0...3 * record {
      var capture = begun()
      let before = capture.written
      for _ in 0..<3 { try capture.add(KernelMessages.softwarePacket, at: time) }
      #expect(capture.wrote(count) == count % record)
      #expect(capture.written.packets == UInt64(count / record))
      #expect(capture.written.bytes == before.bytes + UInt64(count / record * record))
    }
  }

  @Test func `a file header that is cut is no record`() {
    var capture = DropCapture(family: family, at: time)
    #expect(capture.wrote(PcapWriter.headerSize - 1) == PcapWriter.headerSize - 1)
    #expect(capture.written.bytes == 0)
  }

  @Test func `its size is that of all that was written, however often`() throws {
    var capture = DropCapture(family: family, at: time)
    var size = 0
    for _ in 0..<5 {
      try capture.add(KernelMessages.softwarePacket, at: time)
      size += capture.bytes.count
      #expect(capture.wrote(capture.bytes.count) == 0)
      #expect(capture.written.bytes == UInt64(size))
    }
    #expect(capture.written == capture.taken)
  }
}
