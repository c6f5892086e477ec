import DropLab
import Glibc

/// A simulated card that reports a packet for each of its traps, ten times a second.
///
/// The kernel needs the module netdevsim, which Tests/VM/netdevsim builds.
final class SimulatedCard {
  private let number: UInt32
  let device: String

  /// Adds a card with one port, which is down, and hands all drops of its over to the kernel.
  init(traps: [String]) throws {
    number = UInt32.random(in: 1000...60_000)
    try KernelFile.write("\(number) 1", to: "/sys/bus/netdevsim/new_device")
    let folder = "/sys/bus/netdevsim/devices/netdevsim\(number)/net"
    for _ in 0..<200 where KernelFile.names(in: folder).isEmpty { usleep(10_000) }
    guard let device = KernelFile.names(in: folder).first else {
      throw LabError("the card netdevsim\(number) has no port")
    }
    self.device = device
    for trap in traps {
      try Command.run(["devlink", "trap", "set", address, "trap", trap, "action", "trap"])
    }
  }

  /// Whether a module is loaded.
  static func isLoaded(_ module: String) -> Bool {
    unsafe access("/sys/module/\(module)", F_OK) == 0
  }

  deinit { try? KernelFile.write("\(number)", to: "/sys/bus/netdevsim/del_device") }

  private var address: String { "netdevsim/netdevsim\(number)" }

  /// Lets it report for a while and what `body` takes; at the end nothing is under way any more.
  func report(milliseconds: UInt32, meanwhile body: () throws -> Void = {}) throws {
    try Command.run(["ip", "link", "set", device, "up"])
    usleep(milliseconds * 1000)
    try body()
    try Command.run(["ip", "link", "set", device, "down"])
    // A round that has begun ends.
    usleep(300_000)
  }

  /// How many packets devlink counts for a trap.
  func packets(_ trap: String) throws -> UInt64 {
    let text = try Command.run(["devlink", "-s", "trap", "show", address, "trap", trap])
    let words = text.split { " \n".contains($0) }
    guard let at = words.firstIndex(of: "packets"), let count = UInt64(words[at + 1]) else {
      throw LabError("devlink counts no packets of \(trap): \(text)")
    }
    return count
  }
}
