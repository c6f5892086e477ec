/// What is known of a drop reason, or of a site where no reason is told.
///
/// The format it is written in: docs/knowledge.md.
package struct Entry: Equatable, Sendable {
  /// The reason as it is shown ("SOCKET_RCVBUFF", "qdisc/OVERLIMIT"), or the site's function.
  package var name: String
  /// The file it is from: "tcp", "sites".
  package var layer: String
  /// What happened, one sentence.
  package var what: String
  package var station: Station
  /// The releases that have this reason; nil of sites.
  package var kernels: KernelRange?
  /// How bad it is if no rule decides.
  package var severity: Severity
  package var rules: [Rule]
  /// Likeliest first.
  package var causes: [String]
  package var counters: [CounterEffect]
  package var evidence: [EvidenceName]
  package var checks: [Check]
  package var fixes: [Fix]
  /// Where the kernel drops for this reason.
  package var functions: [KernelFunction]
  /// The reasons that newer kernels give at this site.
  package var reasons: [String]
  package var references: [String]
  package var related: [String]

  /// Whether it is of a site.
  package var isSite: Bool { kernels == nil }

  /// What makes a drop worse or harmless.
  package struct Rule: Equatable, Sendable {
    package var condition: Condition
    package var severity: Severity
    package var because: String
  }

  /// A counter of the kernel's that moves with each drop.
  package struct CounterEffect: Equatable, Sendable {
    package enum Unit: String, CaseIterable, Sendable { case packets, segments, bytes, events }

    /// The counter's kind: "netstat.UdpRcvbufErrors".
    package var counter: String
    package var condition = Condition()
    package var unit = Unit.packets
  }

  /// A command, and what to look at in what it says.
  package struct Check: Equatable, Sendable {
    package var command: String
    package var shows: String

    package init(command: String, shows: String) {
      self.command = command
      self.shows = shows
    }
  }

  package struct Fix: Equatable, Sendable {
    package var action: String
    package var command: String?
    /// What takes the command back.
    package var undo: String?
    package var risk: String

    package init(action: String, command: String?, undo: String?, risk: String) {
      self.action = action
      self.command = command
      self.undo = undo
      self.risk = risk
    }
  }

  /// A function of the kernel's and its file.
  package struct KernelFunction: Equatable, Sendable {
    package var name: String
    package var file: String
    package var kernels: KernelRange?
  }
}

/// A live value that tells causes apart.
package enum EvidenceName: Hashable, Sendable {
  /// What is looked at as a whole.
  package enum Subject: String, CaseIterable, Sendable {
    case socket, listener, device, neighbour, route, addresses, qdisc, nftables, conntrack
    case softnet
    case tcFilters = "tc-filters"
    case bridge, xfrm, memory
  }

  case subject(Subject)
  /// A sysctl; its name may contain "{device}".
  case sysctl(String)
}

extension EvidenceName {
  /// As it is written in an entry.
  package var text: String {
    switch self {
    case .subject(let subject): subject.rawValue
    case .sysctl(let name): "sysctl \(name)"
    }
  }
}
