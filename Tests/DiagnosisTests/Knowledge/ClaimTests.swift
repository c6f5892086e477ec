import Bytes
import Glibc
import Testing

@testable import Diagnosis

/// What knowledge says of the machine is there.
struct ClaimTests {
  static let entries = Knowledge.embedded.names.compactMap { try? Knowledge.embedded.entry($0) }

  /// Every command of every entry.
  static let commands = entries.flatMap { entry in
    entry.checks.map(\.command) + entry.fixes.flatMap { [$0.command, $0.undo].compactMap(\.self) }
  }

  /// Sysctls that this kernel lacks but others have.
  static let elsewhere: Set = ["net.core.qdisc_max_burst"]

  static func isThere(sysctl name: String) -> Bool {
    let path = name.replacing("{device}", with: "lo").replacing(".", with: "/")
    return unsafe access("/proc/sys/\(path)", F_OK) == 0
  }

  static func sysctls(in text: String) -> [String] {
    var names: [String] = []
    for part in text.split(whereSeparator: { " '\"=,;|()".contains($0) }) {
      var word = part.replacing("{device}", with: "<device>")
      for prefix in ["{", "-w"] where word.hasPrefix(prefix) { word.removeFirst(prefix.count) }
      let name = word.prefix { $0.isLetter || $0.isNumber || "._-<>".contains($0) }
        .replacing("<device>", with: "{device}")
      guard name.hasPrefix("net."), name.split(separator: ".").count > 2 else { continue }
      names.append(String(name.hasSuffix(".") ? name.dropLast() : name[...]))
    }
    return names
  }

  @Test(.enabled(if: isThere(sysctl: "net.netfilter.nf_conntrack_max"), "conntrack is not loaded"))
  func `every sysctl that is named exists`() {
    var names = Set(Self.commands.flatMap(Self.sysctls))
    for entry in Self.entries {
      for case .sysctl(let name) in entry.evidence { names.insert(name) }
      names.formUnion(entry.rules.flatMap(\.condition.sysctls.keys))
    }
    #expect(names.count > 30)
    for name in names.subtracting(Self.elsewhere) {
      #expect(Self.isThere(sysctl: name), "\(name)")
    }
  }

  @Test func `every command is of a program that distributions have`() {
    let known: Set = [
      "ip", "ss", "tc", "nft", "bridge", "ethtool", "nstat", "sysctl", "conntrack", "devlink", "iw",
      "bpftool", "tcpdump", "dropwatch", "ovs-dpctl", "ovs-appctl", "ovs-vsctl", "ovs-ofctl",
      "iptables-save", "ip6tables-save", "aa-status", "ausearch", "dmesg", "getenforce", "ipset",
      "cat", "modprobe", "auditctl", "journalctl",
    ]
    for command in Self.commands {
      let program = command.split(separator: " ").first.map(String.init) ?? ""
      #expect(known.contains(program), "\(command)")
    }
  }

  @Test func `every placeholder of a command is one that can be filled`() {
    for command in Self.commands {
      for name in command.split(separator: "{").dropFirst() {
        let name = name.prefix { $0 != "}" }
        let isSysctl = name.hasPrefix("net.") || name.hasPrefix("vm.")
        #expect(isSysctl || Placeholder(rawValue: String(name)) != nil, "{\(name)} in \(command)")
      }
    }
  }

  @Test func `every MIB counter exists`() throws {
    var known: Set<String> = []
    for file in ["snmp", "netstat"] {
      let text = String(decoding: try [UInt8](contentsOfFile: "/proc/net/\(file)"), as: UTF8.self)
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ")
        guard let family = words.first?.dropLast(), words.count > 1 else { continue }
        known.formUnion(words.dropFirst().map { "netstat.\(family)\($0)" })
      }
    }
    for file in ["snmp6", "xfrm_stat"] {
      guard let bytes = try? [UInt8](contentsOfFile: "/proc/net/\(file)") else { continue }
      for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
        if let name = line.split(whereSeparator: \.isWhitespace).first {
          known.insert("netstat.\(name)")
        }
      }
    }
    let hasXfrm = known.contains { $0.hasPrefix("netstat.Xfrm") }
    for name in Set(Self.entries.flatMap { $0.counters.map(\.counter) })
    where name.hasPrefix("netstat.") && (hasXfrm || !name.hasPrefix("netstat.Xfrm")) {
      #expect(known.contains(name), "\(name)")
    }
  }
}
