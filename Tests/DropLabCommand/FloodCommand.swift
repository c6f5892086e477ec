import DropLab

/// Runs every generator and prints what the kernel counted and how fast it went.
func flood(_ arguments: [String]) throws -> Bool {
  guard let count = arguments.first.flatMap({ Int($0) }), count > 0, count <= 1_000_000_000 else {
    throw LabError("flood wants a number of drops")
  }
  let lab = try Lab()
  defer { lab.close() }
  let (_, b) = try lab.pair(ipv6: true)
  let slow = max(1, min(count / 10, 1_000_000))
  let xdp = try XDPFlood(lab, b)
  var results: [(String, Flood)] = []
  results.append(("XDP, unknown ethertype", try xdp.run(.unknownEthertype(), count: count)))
  let many = try XDPFlood(lab, b, ethertypes: 1000)
  results.append(("XDP, 1000 ethertypes", try many.run(.unknownEthertype(), count: count)))
  results.append(("XDP, bad UDP checksum", try xdp.run(.badUDPChecksum(), count: count)))
  results.append(("XDP, bad TCP checksum, IPv6", try xdp.run(.badTCP6Checksum(), count: count)))
  results.append(("UDP to a closed port", try UDPFlood(lab).run(count: slow)))
  results.append(("UDP/IPv6 to a closed port", try UDPFlood(lab, ipv6: true).run(count: slow)))
  for (name, target) in [
    ("GSO to a closed port", GSOFlood.Target.closedPort),
    ("GSO to a full UDP_GRO socket", .fullSocketWithGRO), ("GSO to a full socket", .fullSocket),
  ] {
    // A lab of its own: the targets share addresses and ports.
    let lab = try Lab()
    defer { lab.close() }
    _ = try lab.pair()
    results.append((name, try GSOFlood(lab, target).run(sends: slow)))
  }
  for (name, flood) in results { emit(line(name, flood)) }
  return results.allSatisfy { $0.1.counted == $0.1.requested }
}

func line(_ name: String, _ flood: Flood) -> String {
  let exact = flood.counted == flood.requested ? "exact" : "NOT EXACT"
  return "\(name): \(flood.requested) drops, \(flood.counted) counted by the kernel (\(exact)), "
    + "\(flood.segments) segments, \(Int(flood.nanosecondsPerDrop)) ns each, "
    + "\(Int(flood.rate)) per second"
}
