import DropModel
import Testing

/// Queueing disciplines, as tc writes them.
struct QdiscTests {
  @Test(arguments: [
    (UInt32(0x8001_0000), "8001:"), (0, "0:"), (0x0001_000A, "1:a"), (0x0000_0003, ":3"),
    (0xFFFF_0000, "ffff:"),
  ])
  func `a handle is written as tc writes it`(handle: UInt32, text: String) {
    #expect(Qdisc(kind: "tbf", handle: handle).handleText == text)
    #expect(Qdisc(kind: "tbf", handle: 0, parent: handle).parentText == text)
  }

  @Test func `the root has no parent`() {
    #expect(Qdisc(kind: "tbf", handle: 0x8001_0000).parentText == nil)
    #expect(Qdisc(kind: "tbf", handle: 0x8001_0000).label == "tbf 8001:")
  }

  @Test func `it stays where site and device do`() {
    let drop = Drop(
      site: DropSite(address: 16), device: Device(index: 2, name: "eth0"),
      qdisc: Qdisc(kind: "fq", handle: 0))
    #expect(drop.siteLabel == "0x10 fq 0:")
    #expect(drop.keeping([.site, .device]) == drop)
    #expect(drop.keeping([.site]).qdisc == nil)
    #expect(drop.keeping([.device, .netns, .reason]).qdisc == nil)
  }

  @Test func `the same one gets the same number and is told once`() {
    var numbers = QdiscNumbers()
    var batch = DropBatch()
    let first = Qdisc(kind: "fq", handle: 0, parent: 0x8001_0001)
    let second = Qdisc(kind: "fq", handle: 0, parent: 0x8001_0002)
    #expect(numbers.number(of: first, in: &batch) == 1)
    #expect(numbers.number(of: second, in: &batch) == 2)
    #expect(numbers.number(of: first, in: &batch) == 1)
    #expect(
      batch.qdiscs == [QdiscName(number: 1, qdisc: first), QdiscName(number: 2, qdisc: second)])
  }
}
