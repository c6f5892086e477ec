extension Provocation {
  /// What waits for a next hop in vain.
  static let neighbours: [Provocation] = [
    Provocation(
      "neighbour-failed", "nobody answers ARP for the next hop",
      Expectation(
        "NEIGH_FAILED", 3, at: ["neigh_invalidate", "arp_error_report"], in: .a, on: "va"),
      timing: .elsewhere
    ) { lab in
      let client = try lab.clientOfNobody([("retrans_time_ms", 20), ("mcast_solicit", 1)])
      try lab.arm()
      try client.send(to: nobody, 9_000, count: 3)
      lab.pause(milliseconds: 150)
    },
    Provocation(
      "neighbour6-failed", "an IPv6 next hop that may not even be asked for",
      Expectation("NEIGH_FAILED", 4, at: ["__neigh_event_send"], in: .a, on: "va", "ipv6")
    ) { lab in
      let (a, _) = try lab.pair(ipv6: true)
      try a.set("ipv6/neigh/va/mcast_solicit", 0)
      try a.set("ipv6/neigh/va/app_solicit", 0)
      let client = try LabSocket(lab, a, .udp, ipv6: true).bind(.a6, 40_000)
      try lab.arm()
      try client.send(to: "fd77::50", 9_000, count: 4)
    },
    Provocation(
      "neighbour-queue-full", "more packets than may wait for ARP",
      Expectation("NEIGH_QUEUEFULL", 10, at: ["__neigh_event_send"], in: .a, on: "va")
    ) { lab in
      let client = try lab.clientOfNobody([("unres_qlen_bytes", 4096)] + patience)
      // Full before the counting begins: each later packet pushes out exactly one.
      try client.send(to: nobody, 9_000, size: 100, count: 20)
      try lab.arm()
      try client.send(to: nobody, 9_000, size: 100, count: 10)
    },
    Provocation(
      "neighbour-purged", "the device goes down while packets wait for ARP",
      Expectation(
        "QUEUE_PURGE", 5, at: ["neigh_destroy", "skb_queue_purge_reason"], in: .a, on: "va"),
      timing: .elsewhere
    ) { lab in
      let client = try lab.clientOfNobody(patience)
      try client.send(to: nobody, 9_000, count: 5)
      try lab.arm()
      try lab.namespace(.a)?.ip("link set va down")
      lab.pause(milliseconds: 50)
    },
    Provocation(
      "neighbour-create-failed", "an IPv4 route by an IPv6 next hop on a link too small for IPv6",
      Expectation("NEIGH_CREATEFAIL", 6, at: ["ip_finish_output2"], in: .a, on: "va")
    ) { lab in
      let (a, _) = try lab.pair(ipv6: true)
      try a.ip("route add 198.51.100.0/24 via inet6 fd77::2 dev va", "link set va mtu 1000")
      let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
      try lab.arm()
      try client.send(to: .far, 9_000, count: 6)
    },
  ]

  /// An address of the link that nobody has.
  private static let nobody: IPAddress = "10.77.0.50"

  /// Asks so slowly that no time-out can come while a monitor attaches.
  private static let patience = [("retrans_time_ms", 60_000)]
}

extension Lab {
  /// A pair whose va has neighbour settings, with a UDP socket of a.
  fileprivate func clientOfNobody(_ settings: [(String, Int)]) throws -> LabSocket {
    let (a, _) = try pair()
    // What still waits goes now, and not when the kernel gets to removing the namespace.
    atEnd { try? a.ip("link set va down") }
    for (name, value) in settings { try a.set("ipv4/neigh/va/\(name)", value) }
    return try LabSocket(self, a, .udp).bind(.a, 40_000)
  }
}
