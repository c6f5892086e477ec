/// Which drops are asked for, as the user wrote it: names are looked up by ``resolve(_:)``.
package struct FilterRequest: Equatable, Sendable {
  /// An expression of pcap-filter(7); blank for none.
  package var expression = ""
  /// `NO_SOCKET`, `qdisc/OVERLIMIT`, `hardware/blackhole_route`.
  package var reasons: [String] = []
  package var unwantedReasons: [String] = []
  /// `tcp_v4_rcv`, `tcp_v4_rcv+0x9e`, `0xffffffff81…`.
  package var sites: [String] = []
  /// Names, or indices.
  package var devices: [String] = []
  /// `blue`, `/run/netns/blue`, `init`, `pid:812`, `4026532281`.
  package var namespaces: [String] = []
  /// Below the root of the hierarchy, or with it.
  package var controlGroups: [String] = []
  /// The beginning of an id, or a name.
  package var containers: [String] = []
  /// Numbers, or names.
  package var users: [String] = []

  package init() {}

  /// `udp port 53; reason=NO_SOCKET; device=eth0`; empty for everything.
  package var text: String {
    let expression = expression.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let options: [(String, [String])] = [
      ("reason", reasons), ("not-reason", unwantedReasons), ("site", sites), ("device", devices),
      ("netns", namespaces), ("cgroup", controlGroups), ("container", containers), ("uid", users),
    ]
    let parts = options.flatMap { name, values in values.map { "\(name)=\($0)" } }
    return ((expression.isEmpty ? [] : [expression]) + parts).joined(separator: "; ")
  }
}
