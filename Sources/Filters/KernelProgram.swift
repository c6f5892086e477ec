/// A classic BPF program in the instructions that the kernel's verifier takes.
///
/// It is the body of a function of three arguments: the packet's first bytes, how many of them are
/// valid, and how long the packet is from its first byte on. It returns 0 for no match. A and X
/// live in r0 and r4, slots of memory on the stack; r5 is for addresses.
package struct KernelProgram: Equatable, Sendable {
  package let instructions: [KernelInstruction]
  /// The body of a function that says yes, whatever it is asked.
  package static let accepting: [KernelInstruction] = [.set(.r0, 1), .exit]
  /// How many of the packet's first bytes it can look at, from 0 to its room.
  package let reach: Int

  /// Translates a program for a packet's copy of at most `room` bytes.
  ///
  /// What lies beyond the room cannot be loaded, like what lies beyond a packet's end: the packet
  /// does not match. Throws a part of a sentence saying why the kernel cannot run it: jumps
  /// backwards (`protochain`) and instructions unknown to libpcap's interpreter.
  package init(_ program: [ClassicInstruction], room: Int) throws(Refusal) {
    precondition((64...Int(Int16.max)).contains(room), "no room for a packet")
    var translation = Translation(program, room: room)
    instructions = try translation.run()
    reach = min(FilterReach(program).bytes, room)
  }

  /// Why a program cannot be translated.
  package struct Refusal: Error, Equatable, CustomStringConvertible {
    package let description: String

    static let loop = Refusal(description: "it loops, as 'protochain' does")
    static let tooLong = Refusal(description: "it is too long")
    static let noEnd = Refusal(description: "it jumps beyond its end")
    static let metadata = Refusal(
      description:
        "it asks for what is not in the packet's bytes (interface, direction, offloaded VLAN)")

    static func unknown(_ code: UInt16) -> Refusal {
      Refusal(description: "the instruction 0x\(String(code, radix: 16)) is unknown")
    }
  }
}

extension PacketFilter {
  /// The expression as the kernel runs it, on a copy of at most `room` bytes.
  package func kernelProgram(room: Int) throws(FilterError) -> KernelProgram {
    do throws(KernelProgram.Refusal) {
      return try KernelProgram(program, room: room)
    } catch {
      throw .kernel(expression, reason: error.description)
    }
  }
}
