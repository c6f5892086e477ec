internal import Bytes
internal import Diagnosis
internal import HostCounters

extension Evidence {
  /// The CPUs whose receive queues dropped or ran out of time in the window, and how the packets were
  /// spread over all CPUs.
  static func softnet(on host: HostWindow) -> [Evidence] {
    let changes = host.softnet
    let troubled = changes.filter { $0.value["dropped"] != nil || $0.value["time_squeeze"] != nil }
      .sorted { left, right in
        let (mine, others) = (left.value["dropped"] ?? 0, right.value["dropped"] ?? 0)
        return mine == others ? left.key < right.key : mine > others
      }
    let told = troubled.prefix(3).map { processor, change in
      let backlog = host.backlog(of: processor).map {
        ", \(grouped(UInt64(clamping: $0))) packets wait now"
      }
      return Evidence(
        name: "softnet \(processor)",
        value: "\(grouped(change["dropped"] ?? 0)) dropped, "
          + "\(grouped(change["time_squeeze"] ?? 0)) times out of time (time_squeeze)"
          + (backlog ?? ""))
    }
    let processed = changes.compactMapValues { $0["processed"] }
    let total = processed.values.reduce(0) { $0 &+ $1 }
    guard
      let busiest = processed.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), total > 0
    else { return told }
    return told + [
      Evidence(
        name: "softnet",
        value: "\(busiest.key) took in \(grouped(busiest.value)) of \(grouped(total)) packets"
          + (troubled.isEmpty ? "; no CPU dropped or ran out of time" : ""))
    ]
  }
}
