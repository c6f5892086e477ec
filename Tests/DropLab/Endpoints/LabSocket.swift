import CDropLab
import Glibc

/// A socket made in a namespace and kept by its lab.
package struct LabSocket {
  /// What the socket speaks.
  package enum Kind: Sendable {
    /// UDP.
    case udp
    /// TCP.
    case tcp
    /// UNIX datagrams.
    case unixDatagram
    /// A raw socket for one IP protocol number.
    case raw(CInt)
  }

  /// The descriptor, for options that have no verb here.
  package let descriptor: Descriptor

  /// Opens a non-blocking socket; IPv6 only if asked.
  package init(_ lab: Lab, _ namespace: LabNamespace, _ kind: Kind, ipv6: Bool = false) throws {
    let internet = ipv6 ? AF_INET6 : AF_INET
    let (domain, type, transport): (CInt, __socket_type, CInt) =
      switch kind {
      case .udp: (internet, SOCK_DGRAM, 0)
      case .tcp: (internet, SOCK_STREAM, 0)
      case .unixDatagram: (AF_UNIX, SOCK_DGRAM, 0)
      case .raw(let number): (internet, SOCK_RAW, number)
      }
    let flags = CInt(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    descriptor = lab.keep(
      try namespace.inside {
        try Descriptor(socket(domain, CInt(type.rawValue) | flags, transport), "open a socket")
      })
    // An orphan that ends in the background keeps its namespace alive and retransmits into the
    // counts of later cases. Accepted connections inherit this from their listener.
    if case .tcp = kind { try resetOnClose(true) }
    // What a UDP socket still holds when it closes is dropped after an RCU grace period, that is
    // in a later case.
    if case .udp = kind { lab.atEnd { [self] in drain() } }
  }

  /// Opens a packet socket on a device for one ethertype, which also receives.
  package init(_ lab: Lab, _ namespace: LabNamespace, packets device: String, _ type: UInt16) throws
  {
    descriptor = lab.keep(
      try namespace.inside {
        try Descriptor(unsafe dwlab_packet_socket(device, type), "open a packet socket")
      })
  }

  /// Binds to an address and port.
  @discardableResult
  package func bind(_ address: IPAddress, _ port: UInt16) throws -> LabSocket {
    let bytes = address.bytes
    try checked(
      unsafe dwlab_bind(descriptor.number, bytes, bytes.count, port), "bind to port \(port)")
    return self
  }

  /// Binds to an abstract UNIX name.
  package func bind(abstract name: String) throws {
    try checked(unsafe dwlab_bind_abstract(descriptor.number, name), "bind to @\(name)")
  }

  /// Listens for connections.
  package func listen(backlog: CInt = 16) throws {
    try checked(Glibc.listen(descriptor.number, backlog), "listen")
  }

  /// Begins a connection and returns at once; refusal and success both show later.
  package func connect(_ address: IPAddress, _ port: UInt16) throws {
    let bytes = address.bytes
    let result = unsafe dwlab_connect(descriptor.number, bytes, bytes.count, port)
    guard result < 0, dwlab_errno() != EINPROGRESS, dwlab_errno() != ECONNREFUSED else { return }
    throw LabError(errnoOf: "connect to port \(port)")
  }

  /// Connects to an abstract UNIX name.
  package func connect(abstract name: String) throws {
    try checked(unsafe dwlab_connect_abstract(descriptor.number, name), "connect to @\(name)")
  }

  /// Takes a connection that must come within half a second.
  package func accept(_ lab: Lab) throws -> LabSocket {
    _ = dwlab_wait_readable(descriptor.number, 500)
    let number = dwlab_accept(descriptor.number)
    return LabSocket(lab.keep(try Descriptor(number, "accept a connection")))
  }

  /// Sends to a port `count` times; a send that the kernel refuses is not an error here.
  ///
  /// Firewalls, filters and ICMP answers show as `EPERM`, `ECONNREFUSED` and the like, and a queued
  /// ICMP answer makes a send fail *before* anything left: those are tried again, so that exactly
  /// `count` packets reach the stack.
  package func send(
    to address: IPAddress, _ port: UInt16, size: Int = 32, count: Int = 1
  ) throws {
    let data = [UInt8](repeating: 0x78, count: size)
    let target = address.bytes
    for _ in 0..<count {
      for _ in 0..<3 {
        let sent = unsafe dwlab_send_to(
          descriptor.number, data, size, target, target.count, port)
        if sent >= 0 || dwlab_errno() != ECONNREFUSED { break }
      }
    }
  }

  /// Sends over a connection and returns how many bytes were taken, -1 when refused.
  @discardableResult
  package func send(_ bytes: [UInt8], flags: CInt = 0) -> Int {
    unsafe Glibc.send(descriptor.number, bytes, bytes.count, flags | CInt(MSG_NOSIGNAL))
  }

  /// Receives and throws away one message.
  @discardableResult
  package func receive(atMost count: Int = 65_536) -> Int {
    var buffer = [UInt8](repeating: 0, count: count)
    return unsafe Glibc.recv(descriptor.number, &buffer, count, 0)
  }

  /// Receives and throws away all that waits.
  package func drain() {
    for _ in 0..<100_000 where receive() < 0 { return }
  }

  /// Sets an integer option.
  @discardableResult
  package func option(_ level: CInt, _ name: CInt, _ value: CInt) throws -> LabSocket {
    try checked(
      dwlab_set_option(descriptor.number, level, name, value), "set the option \(name)")
    return self
  }

  /// Attaches a classic BPF filter that accepts nothing.
  @discardableResult
  package func rejectAll() throws -> LabSocket {
    try checked(dwlab_reject_all(descriptor.number), "attach a socket filter")
    return self
  }

  /// Demands TCP MD5 signatures (RFC 2385) of one peer.
  package func requireSignature(of peer: IPAddress) throws {
    let bytes = peer.bytes
    try checked(
      unsafe dwlab_tcp_md5(descriptor.number, bytes, bytes.count, "dwlab"), "set an MD5 key")
  }

  /// Whether closing resets a TCP connection, which is what all sockets of a lab do at first.
  package func resetOnClose(_ on: Bool) throws {
    try checked(dwlab_reset_on_close(descriptor.number, on ? 1 : 0), "set SO_LINGER")
  }

  /// Closes it before the lab does.
  package func close() { descriptor.close() }

  private init(_ descriptor: Descriptor) { self.descriptor = descriptor }
}
