/// A way to make the kernel drop a known number of packets for a known reason.
package struct Provocation: Sendable, CustomStringConvertible {
  /// Which events of a time window are this case's.
  package enum Timing: Sendable {
    /// The drops happen in the sending thread or a kernel thread right after it.
    case inline
    /// A timer drops them, in whatever process it interrupts, or a child process such as `ip`.
    case elsewhere
  }

  /// Its name on the command line of `droplab`.
  package let name: String
  /// What happens, in one line.
  package let summary: String
  /// All drops between `Lab.arm()` and the end of the body, and no others.
  package let expectations: [Expectation]
  /// Whose context the drops happen in.
  package let timing: Timing
  private let body: @Sendable (Lab) throws -> Void

  /// Describes a case; `body` sets up, calls `lab.arm()` once, and provokes.
  package init(
    _ name: String, _ summary: String, _ expectations: Expectation..., timing: Timing = .inline,
    body: @escaping @Sendable (Lab) throws -> Void
  ) {
    self.name = name
    self.summary = summary
    self.expectations = expectations
    self.timing = timing
    self.body = body
  }

  /// The name, which is how test runners print an argument.
  package var description: String { name }

  /// How many events there are in all.
  package var count: Int { expectations.reduce(0) { $0 + $1.count } }

  /// Provokes; the lab must stay open until the drops are counted.
  package func run(in lab: Lab) throws {
    try body(lab)
    guard lab.isArmed else { throw LabError("\(name) never armed its lab") }
  }
}

extension Provocation {
  /// Every case, in the order of the packet's way through the kernel.
  package static let all: [Provocation] =
    device + vxlan + tc + ipv4 + ipv6 + neighbourDiscovery + forwarding + fragments + neighbours
    + netfilter + udp + icmp + tcp + sockets + generators

  /// The case with a name.
  package static func named(_ name: String) -> Provocation? {
    all.first { $0.name == name }
  }
}
