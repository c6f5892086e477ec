import Bytes
import DropModel
import Glibc
import KernelNames
import Testing

/// Reads from a made-up file system.
private func load(_ files: [String: [UInt8]]) -> DropReasonTable {
  DropReasonTable.load { path throws(FileError) in
    guard let bytes = files[path] else { throw FileError(.open, path: path, code: ENOENT) }
    return bytes
  }
}

private let vmlinux = "/sys/kernel/btf/vmlinux"
private let skbFormat = "/sys/kernel/tracing/events/skb/kfree_skb/format"
private let qdiscFormat = "/sys/kernel/tracing/events/qdisc/qdisc_drop/format"

/// A kernel with the core, two subsystems in modules and one of its own.
private let kernel: BTFBuilder = {
  var builder = BTFBuilder()
  builder.addEnumeration(
    "skb_drop_reason",
    [
      ("SKB_NOT_DROPPED_YET", 0), ("SKB_CONSUMED", 1), ("SKB_DROP_REASON_NOT_SPECIFIED", 2),
      ("SKB_DROP_REASON_NO_SOCKET", 3), ("SKB_DROP_REASON_MAX", 4),
      ("SKB_DROP_REASON_SUBSYS_MASK", 0xffff_0000),
    ])
  builder.addEnumeration(
    "skb_drop_reason_subsys",
    [
      ("SKB_DROP_REASON_SUBSYS_CORE", 0), ("SKB_DROP_REASON_SUBSYS_MAC80211_UNUSABLE", 1),
      ("SKB_DROP_REASON_SUBSYS_OPENVSWITCH", 2), ("SKB_DROP_REASON_SUBSYS_QDISC", 3),
      ("SKB_DROP_REASON_SUBSYS_NUM", 4),
    ])
  builder.addEnumeration(
    "qdisc_drop_reason",
    [
      ("QDISC_DROP_UNSPEC", 0), ("__QDISC_DROP_REASON", 0x3_0000), ("QDISC_DROP_GENERIC", 0x3_0001),
      ("QDISC_DROP_FLOW_LIMIT", 0x3_0002), ("QDISC_DROP_MAX", 0x3_0003),
    ])
  // A driver's own numbers, which are no drop reasons of the kernel's.
  builder.addEnumeration("nic_drop_reason", [("NIC_DROP_A", 3), ("NIC_DROP_B", 0x9_0001)])
  return builder
}()

private let mac80211: BTFBuilder = {
  var builder = BTFBuilder(onTopOf: kernel)
  builder.addEnumeration(
    "___mac80211_drop_reason",
    [
      ("___RX_CONTINUE", 1), ("___RX_QUEUED", 0), ("___RX_DROP_UNUSABLE", 0x1_0000),
      ("___RX_DROP_U_MIC_FAIL", 0x1_0001), ("___RX_DROP_U_REPLAY", 0x1_0002),
    ])
  builder.addEnumeration(
    "mac80211_drop_reason",
    [
      ("RX_CONTINUE", 1), ("RX_QUEUED", 0), ("RX_DROP_U_MIC_FAIL", 0x1_0001),
      ("RX_DROP_U_REPLAY", 0x1_0002),
    ])
  return builder
}()

private let openvswitch: BTFBuilder = {
  var builder = BTFBuilder(onTopOf: kernel)
  builder.addEnumeration(
    "ovs_drop_reason",
    [
      ("__OVS_DROP_REASON", 0x2_0000), ("OVS_DROP_LAST_ACTION", 0x2_0001),
      ("OVS_DROP_METER", 0x2_0002), ("OVS_DROP_MAX", 0x2_0003),
    ])
  return builder
}()

struct DropReasonTableTests {
  static let full = load([
    vmlinux: kernel.blob, "/sys/kernel/btf/mac80211": mac80211.blob,
    "/sys/kernel/btf/openvswitch": openvswitch.blob,
  ])

  @Test(
    arguments: [
      (0, "NOT_DROPPED_YET"), (1, "CONSUMED"), (2, "NOT_SPECIFIED"), (3, "NO_SOCKET"),
      (4, "reason 4"), (0x1_0000, "mac80211_unusable/RX_DROP_UNUSABLE"),
      (0x1_0001, "mac80211_unusable/MIC_FAIL"), (0x1_0002, "mac80211_unusable/REPLAY"),
      (0x2_0001, "openvswitch/LAST_ACTION"), (0x2_0002, "openvswitch/METER"),
      (0x2_0003, "openvswitch/reason 3"), (0x3_0001, "qdisc/GENERIC"),
      (0x3_0002, "qdisc/FLOW_LIMIT"), (0x3_0003, "qdisc/reason 3"),
      (0x4_0001, "subsystem 4/reason 1"), (0x9_0001, "subsystem 9/reason 1"),
      (0xffff_0000, "subsystem 65535/reason 0"), (.max, "subsystem 65535/reason 65535"),
    ] as [(UInt32, String)])
  func `a reason has its kernel's name, or its number`(reason: UInt32, name: String) {
    #expect(Self.full.name(of: reason).label == name)
  }

  @Test func `it says what it was read from`() {
    #expect(Self.full.source == .btf(modules: ["mac80211", "openvswitch"]))
    #expect(Self.full.problems.isEmpty)
    #expect(load([vmlinux: kernel.blob]).source == .btf(modules: []))
  }

  @Test(
    arguments: [
      ("NO_SOCKET", 3), ("OVS_DROP_METER", 0x2_0002), ("RX_DROP_U_REPLAY", 0x1_0002),
      ("METER", nil), ("MAX", nil),
    ] as [(String, UInt32?)])
  func `the kernel's spelling leads back to the reason`(spelling: String, reason: UInt32?) {
    #expect(Self.full.reason(spelled: spelling) == reason)
  }

  @Test func `a module that is broken costs its own names only`() {
    let path = "/sys/kernel/btf/openvswitch"
    let table = load([vmlinux: kernel.blob, path: [1, 2, 3, 4]])
    #expect(table.name(of: 3).name == "NO_SOCKET")
    #expect(table.name(of: 0x2_0002).label == "openvswitch/reason 2")
    #expect(table.problems == [.types(path: path, .notBTF)])
  }

  @Test func `without types the tracepoints tell the names`() {
    let table = load([
      skbFormat: formatText(
        "kfree_skb", fields: ["enum skb_drop_reason reason;\toffset:36;\tsize:4;\tsigned:0;"],
        print: #"__print_symbolic(REC->reason, { 2, "NOT_SPECIFIED" }, { 3, "MAX" })"#),
      qdiscFormat: formatText(
        "qdisc_drop",
        print: #"__print_symbolic(REC->reason, { 0, "UNSPEC" }, { 196610, "OVERLIMIT" })"#),
    ])
    #expect(table.source == .tracepointFormat)
    #expect(table.name(of: 2).label == "NOT_SPECIFIED")
    #expect(table.name(of: 3).label == "reason 3")
    #expect(table.name(of: 0).label == "reason 0")
    #expect(table.name(of: 196_610).label == "qdisc/OVERLIMIT")
    #expect(table.problems == [.unreadable(FileError(.open, path: vmlinux, code: ENOENT))])
  }

  @Test func `a kernel older than reasons is recognised by its types or its tracepoint`() {
    var old = BTFBuilder()
    old.addEnumeration("other", [("A", 1)])
    #expect(load([vmlinux: old.blob]).source == .kernelWithoutReasons)
    let table = load([skbFormat: formatText("kfree_skb")])
    #expect(table.source == .kernelWithoutReasons)
    #expect(table.count == 0)
  }

  @Test func `with nothing to read there are numbers and problems`() {
    let table = load([:])
    #expect(table.source == .nothing)
    #expect(table.problems.count == 3)
    #expect(table.name(of: 7) == DropReason(subsystem: "core", name: "reason 7"))
  }

  @Test func `a broken kernel blob falls back to the tracepoint`() {
    let table = load([
      vmlinux: Array(kernel.blob.dropLast()),
      skbFormat: formatText(
        "kfree_skb", fields: ["enum skb_drop_reason reason;\toffset:36;\tsize:4;\tsigned:0;"],
        print: #"__print_symbolic(REC->reason, { 2, "NOT_SPECIFIED" })"#),
    ])
    #expect(table.source == .tracepointFormat)
    #expect(table.problems.count == 1)
    #expect(table.name(of: 2).name == "NOT_SPECIFIED")
  }
}

private let liveFormat = (try? [UInt8](contentsOfFile: skbFormat)).flatMap {
  try? TracepointFormat($0)
}

@Suite(
  .enabled(
    if: liveFormat?.field(named: "reason") != nil,
    "no drop reasons to compare with: run as root, with tracefs mounted, on 5.17 or later"))
struct LiveDropReasonTableTests {
  @Test func `types and tracepoint give the same names`() throws {
    let format = try #require(liveFormat)
    let table = DropReasonTable.load()
    #expect(table.problems.isEmpty)
    for symbol in format.symbols["reason"] ?? [] where symbol.name != "MAX" {
      #expect(table.name(of: UInt32(symbol.value)).name == symbol.name)
      #expect(table.reason(spelled: symbol.name) == UInt32(symbol.value))
    }
  }
}
