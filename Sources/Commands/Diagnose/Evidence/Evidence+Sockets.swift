internal import Bytes
internal import Diagnosis
internal import DropModel
internal import HostCounters

extension Evidence {
  /// The sockets on the port that most packets went to: those that listen, or those that may have been
  /// meant.
  static func sockets(
    of finding: Finding, on host: HostWindow, listening: Bool
  ) -> [Evidence] {
    let name = listening ? "listener" : "socket"
    guard let namespace = finding.namespace?.inode, let flow = finding.profile.mainFlow?.flow,
      flow.destinationPort > 0
    else { return [] }
    do {
      let sockets = try host.sockets(port: flow.destinationPort, in: namespace)
        .filter { !listening || $0.state == "LISTEN" || $0.state == "UNCONN" }
      guard !sockets.isEmpty else {
        return listening
          ? [Evidence(name: name, value: "none on port \(flow.destinationPort) of this namespace")]
          : []
      }
      return sockets.prefix(3).map { Evidence(name: name, value: $0.text) }
    } catch {
      return [Evidence(name: name, value: "\(error)", isKnown: false)]
    }
  }
}

extension SocketMemory {
  /// "udp 10.0.0.2:53 UNCONN: 4,608 of 4,608 bytes received and not read, 495 drops".
  fileprivate var text: String {
    if state == "LISTEN" {
      return "\(label) LISTEN: \(receiveQueue) of \(sendQueue) connections wait to be accepted"
    }
    guard let memory else { return "\(label) \(state)" }
    return "\(label) \(state): \(grouped(UInt64(memory.received))) of "
      + "\(grouped(UInt64(memory.receiveLimit))) bytes received and not read, "
      + "\(grouped(UInt64(memory.drops))) drops"
  }
}
