import Bytes
import CDropRecords
import CLibBPF
import FilterLab
import Filters
import Glibc
import NetlinkLab
import Testing

@testable import BPF

/// Expressions in the running kernel against libpcap's own interpreter.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF needs root"))
struct ExpressionTests {
  private static let room = Int(DROP_FILTER_ROOM)

  @Test func `kernel and libpcap agree on 10,000 random packets and 200 expressions`() throws {
    var generator = SeededGenerator(seed: 1)
    let packets = (0..<10_000).map { _ in RandomPacket(using: &generator) }
    let values = packets.map(Self.value)
    let expressions = Expressions.all(200, using: &generator)
    var matched = 0
    var balanced = 0
    for expression in expressions {
      let filter = try #require(try PacketFilter(expression))
      let kernel = try LoadedExpression(filter, values)
      var hits = 0
      for (index, packet) in packets.enumerated() {
        let matches = filter.matches(
          packet.bytes.span.raw, originalLength: UInt32(packet.length), hasLinkHeader: true,
          ethertype: 0)
        if matches { hits += 1 }
        let verdict = kernel.run(UInt32(index))
        // Not an expectation for each of two millions: that alone would take minutes.
        if verdict != (matches ? 1 : 0) {
          Issue.record("\(expression) is \(verdict) on \(packet.bytes) of \(packet.length)")
        }
      }
      matched += hits
      if hits > 0, hits < packets.count { balanced += 1 }
    }
    // Filters that nothing matches, or everything, would prove little.
    #expect(balanced > 150, "\(balanced)")
    #expect((200_000..<1_800_000).contains(matched), "\(matched)")
  }

  @Test func `an expression of hundreds of terms is taken by the kernel`() throws {
    let hosts = (1...250).map { "host 10.0.\($0).1" }.joined(separator: " or ")
    let filter = try #require(try PacketFilter("(\(hosts)) and not (tcp port 80)"))
    var generator = SeededGenerator(seed: 1)
    let packets = (0..<1000).map { _ in RandomPacket(using: &generator) }
    let kernel = try LoadedExpression(filter, packets.map(Self.value))
    #expect(packets.indices.allSatisfy { kernel.run(UInt32($0)) == 0 })
  }

  /// A packet as the program takes it: `struct packet` in expression.bpf.c.
  private static func value(of packet: RandomPacket) -> [UInt8] {
    var value: [UInt8] = []
    for number in [UInt32(packet.bytes.count), UInt32(packet.length)] {
      for byte in UInt32(0)..<4 {
        value.append(UInt8(truncatingIfNeeded: number.littleEndian >> (8 * byte)))
      }
    }
    let rest = [UInt8](repeating: 0xA5, count: room - packet.bytes.count)
    return value + packet.bytes + rest
  }

  /// An expression in a program of its own, with the packets it is run over.
  private final class LoadedExpression {
    private let object: BPFObject
    private let program: Int32

    init(_ filter: PacketFilter, _ packets: [[UInt8]]) throws {
      var file = ObjectFile(expressionObject)
      let translated = try filter.kernelProgram(room: ExpressionTests.room)
      try file.replace(
        function: "matches_expression", by: translated.instructions.map(\.encoded))
      object = try BPFObject(bytes: file.bytes, name: "expression")
      try object.setCapacity(UInt32(packets.count), ofMap: "given")
      try object.load()
      program = try object.descriptor(ofProgram: "run_expression")
      let map = try object.map("given").fileDescriptor
      for (number, packet) in packets.enumerated() {
        var index = UInt32(number)
        let result = unsafe bpf_map_update_elem(map, &index, packet, 0)
        guard result == 0 else { throw BPFError("hand over a packet", code: -result) }
      }
    }

    /// What the program returns for a packet.
    func run(_ index: UInt32) -> Int32 {
      var argument = UInt64(index)
      var options = unsafe bpf_test_run_opts()
      unsafe options.sz = MemoryLayout<bpf_test_run_opts>.size
      return unsafe withUnsafeMutablePointer(to: &argument) { argument in
        unsafe options.ctx_in = UnsafeRawPointer(argument)
        unsafe options.ctx_size_in = 8
        guard unsafe bpf_prog_test_run_opts(program, &options) == 0 else { return -errno }
        return Int32(bitPattern: unsafe options.retval)
      }
    }
  }
}
