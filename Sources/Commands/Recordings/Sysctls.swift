internal import Bytes
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

  /// Their values now: /proc/sys, see proc_sys(5).
  static var current: [RecordingContext.Sysctl] {
    names.compactMap { name in
      let path = "/proc/sys/" + name.split(separator: ".").joined(separator: "/")
      guard let bytes = try? [UInt8](contentsOfFile: path) else { return nil }
      let words = bytes.span.text.split(whereSeparator: \.isWhitespace)
      return RecordingContext.Sysctl(name: name, value: words.joined(separator: " "))
    }
  }
}
