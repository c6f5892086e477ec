internal import Bytes

/// What a recording tells of the machine it was made on, beside the session.
package struct RecordingContext: Equatable, Sendable {
  /// A kernel setting: "net.core.rmem_max" and its text.
  package struct Sysctl: Equatable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// A digest of the kernel's BTF, which tells builds with one release name apart; nil without BTF.
  package var typesDigest: String?
  /// The digest of a kernel's BTF.
  package static func digest(of types: [UInt8]) -> String {
    "fnv1a64:" + String(types.span.raw.fnv1a, radix: 16)
  }

  /// The command that the recording lasts as long as; nil if there is none.
  package var command: String?
  package var sysctls: [Sysctl]

  package init(typesDigest: String? = nil, command: String? = nil, sysctls: [Sysctl] = []) {
    self.typesDigest = typesDigest
    self.command = command
    self.sysctls = sysctls
  }
}
