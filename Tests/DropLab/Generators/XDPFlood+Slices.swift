import CDropLab
import Glibc

extension XDPFlood {
  /// What one frame cost the calling thread, in nanoseconds of its processor time, for each of
  /// `count` injections of `frames` frames.
  ///
  /// Processor time, because the thread also waits: an injection ends with an RCU grace period,
  /// and other processes want the processor too. What an injection costs besides its frames
  /// (some 100 µs) is in the figure, so compare only injections of the same size.
  package func slices(_ load: Load, count: Int, frames: Int) throws -> [Double] {
    try namespace.inside {
      let index = UInt32(
        try checked(unsafe dwlab_interface_index(device), "find the device \(device)"))
      return try (0..<count).map { _ in
        var nanoseconds: UInt32 = 0
        let start = Self.processorTime
        try checked(
          unsafe dwlab_xdp_live(
            program.descriptor.number, index, load.frame, UInt32(load.frame.count),
            UInt32(frames), min(batch, UInt32(frames)), &nanoseconds),
          "inject \(frames) frames into \(device)")
        return Double(Self.processorTime - start) / Double(frames)
      }
    }
  }

  /// The processor time of the calling thread so far, in nanoseconds: clock_gettime(2).
  package static var processorTime: Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
