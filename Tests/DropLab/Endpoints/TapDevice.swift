import CDropLab
import Glibc

/// A TAP device in a namespace, whose wire this process holds.
package final class TapDevice {
  /// The device's name in its namespace.
  package let name: String
  private let descriptor: Descriptor

  /// Makes the device, down and without addresses; `Lab.tap` makes a configured one.
  package init(_ name: String, in namespace: LabNamespace) throws {
    self.name = name
    descriptor = try namespace.inside {
      try Descriptor(unsafe dwlab_open_tap(name), "make the TAP device \(name)")
    }
  }

  /// Lets the device receive a frame, handled by the kernel before this returns.
  package func write(_ frame: [UInt8], count: Int = 1) throws {
    for _ in 0..<count { try descriptor.write(frame) }
  }

  /// The next frame that the kernel sent, nil when none comes in time.
  package func read(milliseconds: CInt = 500) throws -> [UInt8]? {
    guard dwlab_wait_readable(descriptor.number, milliseconds) == 1 else { return nil }
    return try descriptor.read()
  }

  /// Delivers to us only frames for one hardware address; others are dropped (TAP_TXFILTER).
  package func acceptOnly(_ mac: MACAddress) throws {
    try checked(unsafe dwlab_tap_accept_only(descriptor.number, mac.bytes), "filter \(name)")
  }

  /// Lets a BPF program say how much of each frame passes (TUNSETFILTEREBPF).
  package func filter(by program: BPFProgram) throws {
    try checked(
      dwlab_tap_program(descriptor.number, program.descriptor.number), "filter \(name)")
  }

  /// Rejects every frame sent out of it by a classic socket filter (SOCKET_FILTER).
  package func rejectAll() throws {
    try checked(dwlab_tap_reject_all(descriptor.number), "attach a filter to \(name)")
  }

  /// Removes the device.
  package func close() { descriptor.close() }
}
