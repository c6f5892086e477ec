internal import Glibc
internal import Netlink

/// The commands of the kernel's drop monitor.
struct DropMonitorControl {
  private typealias Command = DropMonitorMessage.Command
  private typealias Key = DropMonitorMessage.Key

  let family: GenericFamily
  let connection: NetlinkConnection

  typealias Statistics = DropMonitorStatistics

  /// Looks the family up, which loads its module.
  init() throws(NetlinkError) {
    let connection = NetlinkConnection(try KernelSocket(.generic))
    family = try GenericFamily(named: DropMonitorMessage.family, over: connection)
    self.connection = connection
  }

  init(family: GenericFamily, connection: NetlinkConnection) {
    self.family = family
    self.connection = connection
  }

  /// Starts monitoring; refused with EAGAIN where it is on already.
  func start(software: Bool, hardware: Bool) throws(NetlinkError) {
    try ask(
      switching(Command.start, software: software, hardware: hardware),
      operation: "start the kernel's drop monitor")
  }

  /// Stops monitoring; refused with EAGAIN where it is off already.
  ///
  /// What has not been sent by then is thrown away by the kernel.
  func stop(software: Bool, hardware: Bool) throws(NetlinkError) {
    let operation = "stop the kernel's drop monitor"
    let answer = try ask(
      stopping(software: software, hardware: hardware), operation: operation)
    // From 5.4 on net_dm_cmd_trace answers with success and a warning, and has no other warnings.
    guard let warning = answer.sentence else { return }
    throw .refused(operation: operation, code: EAGAIN, sentence: warning)
  }

  /// Stops what anybody has started, of these origins; says whether something was on.
  @discardableResult
  func stopAll(software: Bool = true, hardware: Bool = true) throws(NetlinkError) -> Bool {
    // Asked for both at once, the kernel says no more than whether software was on.
    var wasOn = false
    for isHardware in [false, true] where isHardware ? hardware : software {
      do throws(NetlinkError) {
        try stop(software: !isHardware, hardware: isHardware)
        wasOn = true
      } catch {
        // Off already, or a kernel without hardware drops.
        guard [EAGAIN, EOPNOTSUPP].contains(error.code) else { throw error }
      }
    }
    return wasOn
  }

  /// The request of `stop`, for somebody else to send.
  func stopping(software: Bool, hardware: Bool) -> MessageWriter {
    switching(Command.stop, software: software, hardware: hardware)
  }

  /// Configures it; refused with EBUSY while monitoring is on.
  func configure(_ configuration: DropMonitorOptions.Configuration) throws(NetlinkError) {
    try ask(
      configuring(configuration), operation: "configure the kernel's drop monitor")
  }

  /// The request of `configure`, for somebody else to send.
  func configuring(_ configuration: DropMonitorOptions.Configuration) -> MessageWriter {
    var request = self.request(Command.configure)
    request.attribute(Key.alertMode, configuration.alertMode.rawValue)
    request.attribute(Key.truncation, configuration.truncation)
    request.attribute(Key.queueLength, configuration.queueLength)
    return request
  }

  /// How it is configured; what a kernel before 5.4 does is what it has always done.
  func configuration() throws(NetlinkError) -> DropMonitorOptions.Configuration {
    var found = DropMonitorOptions.Configuration()
    do throws(NetlinkError) {
      try ask(
        request(Command.getConfiguration), operation: "ask the drop monitor for its configuration"
      ) { (message) throws(NetlinkError) in
        var attributes = try message.genericAttributes()
        while let attribute = try attributes.next() {
          switch attribute.type {
          case Key.alertMode:
            let mode: UInt8 = try attribute.integer()
            guard let mode = DropMonitorOptions.AlertMode(rawValue: mode) else {
              throw .malformed("the drop monitor's alert mode \(mode) is unknown")
            }
            found.alertMode = mode
          case Key.truncation: found.truncation = try attribute.integer()
          case Key.queueLength: found.queueLength = try attribute.integer()
          default: continue
          }
        }
      }
    } catch {
      guard error.code == EOPNOTSUPP else { throw error }
    }
    return found
  }

  /// What it could not queue.
  func statistics() throws(NetlinkError) -> Statistics {
    var found = Statistics()
    do throws(NetlinkError) {
      try ask(
        request(Command.getStatistics), operation: "ask the drop monitor for its statistics"
      ) { (message) throws(NetlinkError) in
        var attributes = try message.genericAttributes()
        while let attribute = try attributes.next() {
          switch attribute.type {
          case Key.statistics: found.software = try Self.dropped(attribute.nested)
          case Key.hardwareStatistics: found.hardware = try Self.dropped(attribute.nested)
          default: continue
          }
        }
      }
    } catch {
      guard error.code == EOPNOTSUPP else { throw error }
    }
    return found
  }

  /// Asks, and tells a family that has gone since it was looked up: its module was removed.
  @discardableResult
  private func ask(
    _ request: MessageWriter, operation: String,
    _ body: (borrowing Message) throws(NetlinkError) -> Void = { (_) throws(NetlinkError) in }
  ) throws(NetlinkError) -> Acknowledgement {
    do throws(NetlinkError) {
      return try connection.request(request, operation: operation, body)
    } catch {
      throw error.code == ENOENT ? .noFamily(family.name) : error
    }
  }

  private static func dropped(
    _ statistics: consuming AttributeReader
  ) throws(NetlinkError) -> UInt64 {
    while let attribute = try statistics.next() {
      if attribute.type == Key.dropped { return try attribute.integer() }
    }
    return 0
  }

  private func switching(_ command: UInt8, software: Bool, hardware: Bool) -> MessageWriter {
    var request = self.request(command)
    if software { request.attribute(Key.software) }
    if hardware { request.attribute(Key.hardware) }
    return request
  }

  private func request(_ command: UInt8) -> MessageWriter {
    MessageWriter(
      family: family, command: command,
      flags: MessageHeader.Flag.request | MessageHeader.Flag.acknowledge,
      sequence: connection.nextSequence())
  }
}
