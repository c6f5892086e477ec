internal import BPF
internal import CDropLab
internal import DropLab
internal import Glibc

/// `XDPFlood`'s way to make drops, with a clock: the program that passes the frames up the stack
/// notes the time at each 4,096th.
///
/// So one injection gives many slices of a millisecond or two, of which most are free of other
/// processes and all are free of the injection's own beginning and end. That takes 300 µs of the
/// processor and waits for 28 ms, and varies by more than what is to be measured.
final class ClockedFlood {
  /// Frames of an injection.
  static let frames = 17 * slice
  private static let slice = 4096

  private let namespace: LabNamespace
  private let device: String
  private let object: BPFObject

  /// Prepares the flood of a device.
  init(_ namespace: LabNamespace, device: String) throws {
    self.namespace = namespace
    self.device = device
    object = try BPFObject.benchmark("clocked_pass")
  }

  /// Nanoseconds per frame in each slice of one injection, without the first, in which caches are
  /// cold and keys new.
  func slices(_ load: XDPFlood.Load) throws -> [Double] {
    try object.map("passed").set(UInt64(0), for: UInt32(0))
    let program = try object.descriptor(ofProgram: "clocked_pass")
    // Always the same one: two need not be equally fast. Processes and threads that a tracer starts
    // are not bound, for it is attached at other times.
    _ = dwlab_pin(CInt(sysconf(CInt(_SC_NPROCESSORS_ONLN))) - 1)
    defer { _ = dwlab_pin(-1) }
    try namespace.inside {
      var nanoseconds: UInt32 = 0
      let index = UInt32(unsafe dwlab_interface_index(device))
      let code = unsafe dwlab_xdp_live(
        program, index, load.frame, UInt32(load.frame.count), UInt32(Self.frames), 64, &nanoseconds)
      guard code >= 0 else {
        throw BenchError(
          "cannot inject frames (BPF_PROG_TEST_RUN, Linux 5.18): errno \(dwlab_errno())")
      }
    }
    var moments: [(UInt32, UInt64)] = []
    try object.map("moments").forEach(keys: UInt32.self, values: UInt64.self) { index, times in
      if index < Self.frames / Self.slice { moments.append((index, times[0])) }
    }
    moments.sort { $0.0 < $1.0 }
    return zip(moments.dropFirst(), moments.dropFirst(2)).map {
      Double($1.1 - $0.1) / Double(Self.slice)
    }
  }
}
