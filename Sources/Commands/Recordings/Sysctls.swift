internal import Bytes
internal import Glibc
internal import Netlink
internal import Recording

/// The kernel's settings that decide about drops, as a recording keeps them.
enum Sysctls {
  /// Names as sysctl(8) writes them; those that a kernel lacks are left out.
  static let names = [
    "kernel.kptr_restrict", "kernel.perf_event_paranoid", "kernel.unprivileged_bpf_disabled",
    "net.core.bpf_jit_enable", "net.core.default_qdisc", "net.core.dev_weight",
    "net.core.flow_limit_table_len", "net.core.netdev_budget", "net.core.netdev_budget_usecs",
    "net.core.netdev_max_backlog", "net.core.optmem_max", "net.core.rmem_default",
    "net.core.rmem_max", "net.core.rps_sock_flow_entries", "net.core.somaxconn",
    "net.core.wmem_default", "net.core.wmem_max", "net.ipv4.conf.all.accept_local",
    "net.ipv4.conf.all.arp_filter", "net.ipv4.conf.all.arp_ignore",
    "net.ipv4.conf.all.rp_filter", "net.ipv4.conf.default.rp_filter", "net.ipv4.icmp_ratelimit",
    "net.ipv4.ip_early_demux", "net.ipv4.ip_forward", "net.ipv4.ipfrag_high_thresh",
    "net.ipv4.ipfrag_time", "net.ipv4.neigh.default.gc_thresh3",
    "net.ipv4.neigh.default.unres_qlen_bytes", "net.ipv4.tcp_abort_on_overflow",
    "net.ipv4.tcp_max_syn_backlog", "net.ipv4.tcp_mem", "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies", "net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_wmem", "net.ipv4.udp_mem",
    "net.ipv6.conf.all.disable_ipv6", "net.ipv6.conf.all.forwarding",
    "net.netfilter.nf_conntrack_buckets", "net.netfilter.nf_conntrack_max",
    "net.netfilter.nf_conntrack_tcp_be_liberal", "vm.min_free_kbytes",
  ]

  /// Their values now.
  static var current: [RecordingContext.Sysctl] {
    names.compactMap { name in
      value(name).map { RecordingContext.Sysctl(name: name, value: $0) }
    }
  }

  /// A value now, its words one space apart, in a network namespace given its file (nil is our own); nil
  /// if it cannot be read: /proc/sys, see proc_sys(5).
  static func value(_ name: String, in namespace: String? = nil) -> String? {
    let failure = { FileError(.open, path: name, code: $0) }
    let bytes = try? inNamespace(namespace, failure) { () throws(FileError) in
      try [UInt8](contentsOfFile: path(of: name))
    }
    return bytes?.span.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// Whether it can be set in a network namespace, given its file (nil is our own).
  ///
  /// What only the whole machine has is not there or read-only (0444), even for root.
  static func isSettable(_ name: String, in namespace: String? = nil) -> Bool {
    let failure = { FileError(.open, path: name, code: $0) }
    let mode = try? inNamespace(namespace, failure) { () throws(FileError) in
      var status = stat()
      return unsafe stat(path(of: name), &status) == 0 ? status.st_mode : 0
    }
    return mode.map { $0 & S_IWUSR != 0 } ?? false
  }

  /// Whether it is one device's, so that another namespace's may be of another device.
  static func isOfDevice(_ name: String) -> Bool {
    let words = name.split(separator: ".")
    return words.count > 4 && words[0] == "net" && (words[2] == "conf" || words[2] == "neigh")
      && words[3] != "all" && words[3] != "default"
  }

  /// What a command like "sysctl -w net.core.somaxconn=4096" names; nothing of other commands.
  static func names(in command: String) -> [String] {
    let words = command.split(separator: " ")
    guard words.first == "sysctl" else { return [] }
    return words.dropFirst().filter { !$0.hasPrefix("-") }.map { String($0.prefix { $0 != "=" }) }
  }

  /// The file of a sysctl, whose name's parts are parted by dots or by slashes, as sysctl(8) has it.
  ///
  /// Dots may as well be in a device's name: net.ipv4.conf.eth0.100.rp_filter.
  static func path(of name: String) -> String {
    if name.contains("/") { return "/proc/sys/" + name }
    let words = name.split(separator: ".")
    guard words.count > 5, words[0] == "net", words[2] == "conf" || words[2] == "neigh" else {
      return "/proc/sys/" + words.joined(separator: "/")
    }
    let device = words[3..<words.count - 1].joined(separator: ".")
    return "/proc/sys/net/\(words[1])/\(words[2])/\(device)/\(words[words.count - 1])"
  }
}
