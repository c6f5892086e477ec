/// One thing that this machine offers or denies, and what that means for the user.
struct Check: Equatable, Sendable {
  /// What is looked at: "BTF", "privileges", …, in a word or two.
  var name: String
  /// Whether it is there.
  var isGood: Bool
  /// What was found: "5.5 MB of types at /sys/kernel/btf/vmlinux".
  var finding: String
  /// What does not work without it; empty if it is there.
  var consequence = ""
  /// What a source cannot see even so, a sentence each; empty for what is no source.
  var blindSpots: [String] = []
  /// What to do about it; empty if it is there or nothing can be done.
  var remedy = ""
}
