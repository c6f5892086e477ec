internal import DropSources

/// What `set` has set; the defaults are the original's.
struct PromptSettings: Equatable {
  /// Where drops are read.
  var source = SourceRequest()
  /// What an alert is.
  var alertMode = AlertMode.summary
  /// Stop after so many alerts; 0 for no limit.
  var alertLimit: UInt64 = 0
  /// Truncate packets to so many bytes; 0 to leave them whole.
  var truncation: UInt32 = 0
  /// Room for at least so many packets that wait to be read.
  var queue: UInt32 = 1000
  /// Watch what the kernel's own code drops.
  var software = true
  /// Watch what network hardware drops, as far as it reports it (devlink traps).
  var hardware = false

  /// Bytes of the ring per packet: its record without payload to speak of, rounded up.
  static let bytesPerPacket: UInt32 = 256
  /// What fits a ring of 1 GiB.
  static let largestQueue: UInt32 = 1 << 30 / bytesPerPacket

  /// Bytes of the ring that packets wait in: a power of two with room for the queue, and at least
  /// the source's default, for the original showed 90 of 5,000 packets with its queue of 1,000.
  var ringBytes: UInt32 {
    let wanted = max(queue, 1) * Self.bytesPerPacket
    var bytes = EBPFOptions().ringBytes
    while bytes < wanted { bytes *= 2 }
    return bytes
  }

  /// What the source is asked for.
  ///
  /// The blocks show lengths, not contents, so only headers leave the kernel whatever the
  /// truncation length.
  var request: SourceRequest {
    var request = source
    if alertMode == .packet {
      request.ebpf.packets = .all
      request.ebpf.ringBytes = ringBytes
      request.tracepoint.handsOver = true
    }
    request.netdm.configuration = DropMonitorOptions.Configuration(
      alertMode: alertMode.kernelMode, truncation: truncation,
      queueLength: max(queue, alertMode == .packet ? DropMonitorOptions.packetQueue : 0))
    request.ebpf.software = software
    request.ebpf.hardware = hardware ? .asked : .off
    request.netdm.software = software
    request.netdm.hardware = hardware
    return request
  }

  /// Takes over a new value.
  mutating func apply(_ setting: PromptCommand.Setting) {
    switch setting {
    case .alertLimit(let limit): alertLimit = limit
    case .alertMode(let mode): alertMode = mode
    case .truncation(let length): truncation = length
    case .queue(let length): queue = length
    case .software(let isOn): software = isOn
    case .hardware(let isOn): hardware = isOn
    }
  }

  /// The answer to `show`: the original's lines, then what it did not tell.
  var lines: [String] {
    [
      "Getting existing configuration",
      "Alert mode: \(alertMode.title)",
      "Truncation length: \(truncation)",
      "Queue length: \(queue)",
      "Ring buffer: \(ringBytes >> 20) MiB, in packet mode",
      "Alert limit: \(alertLimit == 0 ? "none" : String(alertLimit))",
      "Software drops: \(software)",
      "Hardware drops: \(hardware)",
    ]
  }
}
