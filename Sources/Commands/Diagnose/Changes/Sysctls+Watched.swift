extension Sysctls {
  /// The last words of the names that explanations of drops mention: "rp_filter" is that of each device.
  ///
  /// They are compared every second or so, all others at the beginning and at the end.
  static let watched = Set(
    names.compactMap { $0.split(separator: ".").last.map(String.init) } + [
      "accept_ra", "arp_announce", "bridge-nf-call-arptables", "bridge-nf-call-ip6tables",
      "bridge-nf-call-iptables", "disable_ipv6", "disable_policy", "drop_gratuitous_arp",
      "drop_unicast_in_l2_multicast", "fib_multipath_hash_policy", "flow_limit_cpu_bitmap",
      "gc_thresh2", "icmp_echo_ignore_all", "icmp_echo_ignore_broadcasts", "ip6frag_time",
      "ip_local_port_range", "ip_local_reserved_ports", "ipfrag_max_dist", "log_martians",
      "max_dgram_qlen", "max_hbh_opts_number", "mcast_solicit", "proxy_arp", "proxy_arp_pvlan",
      "proxy_ndp", "proxy_qlen", "qdisc_max_burst", "route_localnet", "src_valid_mark",
      "suppress_frag_ndisc", "tcp_ecn", "tcp_fastopen", "tcp_invalid_ratelimit",
      "tcp_shrink_window", "tcp_timestamps", "tcp_window_scaling", "unres_qlen_bytes",
    ])

  /// Whether a name is one of those.
  static func isWatched(_ name: String) -> Bool {
    name.split(separator: ".").last.map { watched.contains(String($0)) } ?? false
  }
}
