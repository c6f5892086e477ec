import Bytes
import KernelNames
import Testing

struct BTFTests {
  /// One type of each kind, and the shapes that the queries ask for.
  static let sample: BTFBuilder = {
    var builder = BTFBuilder()
    let int = builder.add("int", kind: 1, 4, [0x0100_0020])
    let pointer = builder.add(kind: 2, 0)
    builder.add(kind: 3, 0, [int, int, 4])
    let inner = builder.add(
      kind: 5, length: 1, 8, [builder.string("dev"), pointer, 64])
    builder.add(
      "sk_buff", kind: 4, length: 2, 24,
      [builder.string("next"), pointer, 0, 0, builder.add(kind: 10, inner), 64])
    builder.add(
      "bits", kind: 4, length: 1, flag: true, 4, [builder.string("flag"), int, 3 << 24 | 5])
    builder.addEnumeration("small", [("ZERO", 0), ("BIG", 0xffff_0000)])
    builder.addEnumeration("signed", [("MINUS", 0xffff_ffff)], isSigned: true)
    builder.addEnumeration64("large", [("HUGE", 0x1_0000_0002), ("TOP", .max)])
    builder.add("forward", kind: 7, 0)
    builder.add(kind: 9, int)
    builder.add(kind: 11, pointer)
    let prototype = builder.addPrototype(parameters: 5)
    builder.add("function", kind: 12, prototype)
    builder.add("variable", kind: 14, int, [1])
    builder.add(".data", kind: 15, length: 1, 4, [1, 0, 4])
    builder.add("double", kind: 16, 8)
    builder.add("tag", kind: 17, int, [0xffff_ffff])
    builder.add("user", kind: 18, int)
    builder.add("btf_trace_kfree_skb", kind: 8, builder.add(kind: 2, prototype))
    builder.add("u32", kind: 8, int)
    return builder
  }()

  @Test func `every kind is walked`() throws {
    #expect(try BTF(Self.sample.blob).count == Int(Self.sample.count))
  }

  @Test func `constants keep their sign and width`() throws {
    let btf = try BTF(Self.sample.blob)
    let found = try btf.enumerations { $0 != "small" }
    #expect(
      try btf.enumeration(named: "small")?.constants == [
        .init("ZERO", 0), .init("BIG", 0xffff_0000),
      ])
    #expect(found.map(\.name) == ["signed", "large"])
    #expect(found.first?.constants == [.init("MINUS", -1)])
    #expect(found.last?.constants == [.init("HUGE", 0x1_0000_0002), .init("TOP", -1)])
    #expect(try btf.enumeration(named: "smal") == nil)
    #expect(try btf.enumeration(named: "u32") == nil)
  }

  @Test(arguments: [("btf_trace_kfree_skb", 5), ("u32", nil), ("nothing", nil)])
  func `a typedef of a function has that function's parameters`(
    name: String, count: Int?
  ) throws {
    #expect(try BTF(Self.sample.blob).parameterCount(ofTypedef: name) == count)
  }

  @Test func `members are found in anonymous unions too, at their place in the whole`() throws {
    let btf = try BTF(Self.sample.blob)
    #expect(try btf.hasStructure(named: "sk_buff"))
    #expect(try !btf.hasStructure(named: "u32"))
    #expect(try btf.member("next", ofStructure: "sk_buff")?.bitOffset == 0)
    #expect(try btf.member("dev", ofStructure: "sk_buff")?.bitOffset == 128)
    #expect(try btf.member("dev", ofStructure: "sk_buff")?.bitWidth == nil)
    #expect(try btf.member("flag", ofStructure: "bits")?.bitOffset == 5)
    #expect(try btf.member("flag", ofStructure: "bits")?.bitWidth == 3)
    #expect(try btf.member("nothing", ofStructure: "sk_buff") == nil)
  }

  @Test func `a module's types count on from the kernel's`() throws {
    var module = BTFBuilder(onTopOf: Self.sample)
    module.addEnumeration("ovs_drop_reason", [("OVS_DROP_METER", 0x2_0005)])
    // Of the kernel's int and its name, as modules have it after deduplication.
    module.add("btf_trace_ovs", kind: 8, 1)
    let base = try BTF(Self.sample.blob)
    let btf = try BTF(module.blob, base: base)
    #expect(
      try btf.enumeration(named: "ovs_drop_reason")?.constants
        == [.init("OVS_DROP_METER", 0x2_0005)])
    #expect(try btf.parameterCount(ofTypedef: "btf_trace_ovs") == nil)
    #expect(throws: BTFError.self) {
      try BTF(module.blob).enumeration(named: "ovs_drop_reason")
    }
  }

  @Test func `a kind that is new is passed over if the blob says how long it is`() throws {
    var builder = BTFBuilder()
    builder.add(kind: 20, length: 2, 8, [1, 2, 3])
    builder.addEnumeration("after", [("A", 1)])
    #expect(throws: BTFError.unknownKind(20, type: 1)) { try BTF(builder.blob) }
    builder.layout = Array(repeating: 0, count: 21 * 4)
    builder.layout[80] = 4
    builder.layout[81] = 4
    #expect(try BTF(builder.blob).enumeration(named: "after")?.constants == [.init("A", 1)])
  }

  @Test func `a typedef of itself is a cycle`() throws {
    var builder = BTFBuilder()
    builder.add("btf_trace_loop", kind: 8, 2)
    builder.add("other", kind: 8, 1)
    builder.add("whole", kind: 4, length: 1, 8, [0, 3, 0])
    let btf = try BTF(builder.blob)
    #expect(throws: BTFError.self) { try btf.parameterCount(ofTypedef: "btf_trace_loop") }
    #expect(throws: BTFError.cycle(type: 3)) { try btf.member("x", ofStructure: "whole") }
  }

  @Test func `references out of the blob are refused when followed`() throws {
    var builder = BTFBuilder()
    builder.add("btf_trace_far", kind: 8, 99)
    builder.add("void", kind: 8, 0)
    let btf = try BTF(builder.blob)
    #expect(throws: BTFError.typeOutOfRange(99)) {
      try btf.parameterCount(ofTypedef: "btf_trace_far")
    }
    #expect(try btf.parameterCount(ofTypedef: "void") == nil)

    var names = BTFBuilder()
    names.addEnumeration("e", [])
    var blob = names.blob
    blob[24] = 200
    let broken = try BTF(blob)
    #expect(throws: BTFError.stringOutOfRange(200)) { try broken.enumeration(named: "e") }
  }

  @Test(
    arguments: [
      ([], .truncated(.truncated(wanted: 4, at: 0, of: 0))),
      ([0x7f, 0x45, 0x4c, 0x46], .notBTF), ([0xeb, 0x9f, 1, 0], .foreignByteOrder),
      ([0x9f, 0xeb, 2, 0], .unsupportedVersion(2)),
    ] as [([UInt8], BTFError)])
  func `what is no BTF is refused`(blob: [UInt8], expected: BTFError) {
    #expect(throws: expected) { try BTF(blob) }
  }

  @Test func `every beginning of a blob is refused`() {
    let blob = Self.sample.blob
    for length in blob.indices {
      #expect(throws: BTFError.self) { try BTF(Array(blob[..<length])) }
    }
  }

  @Test func `no flipped bit brings it down`() {
    let blob = Self.sample.blob
    for position in blob.indices {
      for bit in 0..<8 {
        var broken = blob
        broken[position] ^= 1 << bit
        askEverything(broken)
      }
    }
  }

  @Test func `no beginning of this machine's kernel's types brings it down`() throws {
    let path = "/sys/kernel/btf/vmlinux"
    guard let blob = try? [UInt8](contentsOfFile: path) else { return }
    for part in 0..<12 {
      let length = blob.count / 12 * part + part * 7
      #expect(throws: BTFError.self) { try BTF(Array(blob[..<length])) }
    }
    for seed in 1...4 {
      var broken = blob
      broken[blob.count / 5 * seed] ^= UInt8(1 << (seed % 8))
      askEverything(broken)
    }
  }

  /// Asks all there is to ask; whether it answers or throws is all the same.
  private func askEverything(_ blob: [UInt8]) {
    guard let btf = try? BTF(blob) else { return }
    _ = try? btf.enumeration(named: "large")
    _ = try? btf.enumerations { _ in true }
    _ = try? btf.parameterCount(ofTypedef: "btf_trace_kfree_skb")
    _ = try? btf.member("dev", ofStructure: "sk_buff")
    _ = try? btf.member("flag", ofStructure: "bits")
  }
}
