internal import Bytes
internal import DropModel
internal import Packets

/// Puts the JSON object of a packet together: `{"type":"packet",…}` of docs/output.md.
struct PacketObjects {
  private var clock = PacketClock(.rfc3339)
  private var keys = Fragments<DropKey>()
  private var owners = Fragments<SocketOwner.Identity>()
  private var listeners = Fragments<ListenerQuestion>()

  /// Names may have changed: they are asked for again.
  mutating func forgetNames() {
    keys.removeAll()
    owners.removeAll()
    listeners.removeAll()
  }

  /// Writes a packet of `batch`, a line of its own.
  mutating func write(
    _ packet: Packet, of batch: DropBatch, names: any DropNames, to json: inout JSONWriter
  ) {
    let bytes = batch.packets.storage.span.extracting(packet.bytes).raw
    let headers = PacketHeaders(packet, bytes)
    json.line { json in
      json.field("type", "packet")
      json.text("time") { clock.append(packet.time, batch.clock, to: &$0) }
      json.fields { buffer in
        keys.append(packet.key, to: &buffer) { buffer in
          buffer.append(fieldsBy: { $0.describe(names.drop(for: packet.key)) })
        }
      }
      json.field("direction", packet.direction)
      json.field("length", packet.length)
      json.field("segments", packet.segments)
      json.describe(headers)
      if let tunnel = headers.tunnel {
        json.object("tunnel") { $0.describe(tunnel, headers.inner(in: bytes)) }
      } else {
        json.null("tunnel")
      }
      if let owner = packet.owner {
        json.fields { buffer in
          owners.append(owner.identity, to: &buffer) { buffer in
            buffer.append(fieldsBy: { $0.describe(names.owner(of: owner)) })
          }
        }
      } else if let question = ListenerQuestion(packet, headers) {
        json.fields { buffer in
          listeners.append(question, to: &buffer) { buffer in
            guard let owner = names.listener(question) else { return }
            buffer.append(fieldsBy: { $0.describe(owner) })
          }
        }
      }
      if !packet.stack.isEmpty {
        let stack = batch.packets.stack(of: packet, names: names)
        json.strings("stack", stack.map(\.frameLabel))
        if stack.contains(where: { $0.source != nil }) {
          json.strings("stack_lines", stack.map { $0.source?.path ?? "" })
        }
      }
      json.text("text") { $0.append(headers, in: bytes) }
    }
  }
}

extension TextBuffer {
  /// Appends fields as they stand between the braces of an object.
  fileprivate mutating func append(fieldsBy body: (inout JSONWriter) -> Void) {
    var json = JSONWriter()
    body(&json)
    append(json.buffer.span)
  }
}

extension JSONWriter {
  fileprivate mutating func field(_ name: StaticString, _ direction: Packet.Direction) {
    switch direction {
    case .receive: field(name, "receive")
    case .transmit: field(name, "transmit")
    case .local: field(name, "local")
    case .unknown: field(name, "unknown")
    }
  }

  /// Both ends, TCP's numbers, the virtual network.
  fileprivate mutating func describe(_ headers: PacketHeaders) {
    end("source", headers.source, headers.ports?.source)
    end("destination", headers.destination, headers.ports?.destination)
    if let tcp = headers.tcp {
      object("tcp") { json in
        json.text("flags") { $0.append(tcp.flags) }
        json.field("sequence", tcp.sequence)
        json.field("acknowledgment", tcp.acknowledgment)
        json.field("window", tcp.window)
      }
    }
    if let tag = headers.vlans.outer { field("vlan", tag.identifier) } else { null("vlan") }
    if let tag = headers.vlans.inner { field("inner_vlan", tag.identifier) }
    if let fragment = headers.ip?.fragment {
      object("fragment") { json in
        json.field("identification", fragment.identification)
        json.field("offset", fragment.offset)
        json.field("more", fragment.hasMore)
      }
    }
    if let icmp = headers.icmp {
      object("icmp") { json in
        json.field("type", icmp.type)
        json.field("code", icmp.code)
      }
    }
  }

  private mutating func end(_ name: StaticString, _ address: IPAddress?, _ port: UInt16?) {
    guard address != nil || port != nil else { return }
    object(name) { json in
      if let address { json.text("address") { $0.append(address) } }
      json.field("port", port)
    }
  }

  /// What carries a packet, and what that is.
  fileprivate mutating func describe(_ tunnel: Tunnel, _ inner: PacketHeaders?) {
    field("kind", tunnel.name)
    field("id", tunnel.identifier)
    guard let inner else { return }
    if let number = inner.ip?.transport {
      field("transport", ProtocolNames.transport(number))
    }
    end("source", inner.source, inner.ports?.source)
    end("destination", inner.destination, inner.ports?.destination)
  }

  fileprivate mutating func describe(_ owner: Owner) {
    object("owner") { json in
      json.field("uid", owner.uid)
      json.field("user", owner.user)
      json.nullable("cgroup", owner.cgroup)
      json.nullable("unit", owner.unit)
      if let container = owner.container {
        json.object("container") { json in
          json.field("id", container.id)
          json.field("runtime", container.runtime)
        }
      } else {
        json.null("container")
      }
      json.field("pid", owner.pid)
      json.field("command", owner.command)
      if owner.isInferred { json.field("inferred", true) }
    }
  }
}
