import DropLab

/// A fault with traffic that can be sent again and again, and the fix that shall help.
struct FixCase: Sendable, CustomStringConvertible {
  /// What sends the same traffic once more.
  typealias Traffic = () throws -> Void

  /// What the diagnosis calls it.
  let finding: String
  /// What is to be run, one after the other: words of each command that tell it from the other fixes.
  let fixes: [String]
  /// In whose namespace it drops.
  let role: LabRole
  private let body: @Sendable (Lab) throws -> Traffic

  init(
    _ finding: String, _ fixes: String..., in role: LabRole = .b,
    body: @escaping @Sendable (Lab) throws -> Traffic
  ) {
    self.finding = finding
    self.fixes = fixes
    self.role = role
    self.body = body
  }

  /// Makes the fault in a lab.
  func prepare(_ lab: Lab) throws -> Traffic { try body(lab) }

  var description: String { "\(finding): \(fixes.joined(separator: ", "))" }

  /// All of them.
  static let all = ip + forwarding + devices + queues + tcp

  /// Sends copies of a frame to `vb` each time.
  static func injecting(_ lab: Lab, _ frame: [UInt8], count: Int = 5) throws -> Traffic {
    guard let a = lab.namespace(.a) else { throw LabError("there is no namespace a") }
    let sender = try PacketSender(lab, a, "va")
    return { try sender.send(frame, count: count) }
  }
}
