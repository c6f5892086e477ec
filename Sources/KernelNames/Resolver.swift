package import DropModel

/// The only place where the kernel's numbers become names.
///
/// Names are read in the background and waited for when first asked for; what cannot be read leaves
/// numbers, and `notes` says once why. Used by one thread.
package final class Resolver: DropNames {
  private let readsReasons: Background<DropReasonTable>
  private lazy var reasons = readsReasons.wait()
  private var readsSymbols: Background<Result<SymbolTable, SymbolTableError>>?
  private var symbols: SymbolTable?
  private var symbolsAreOld = false
  private var sites: [UInt64: DropSite] = [:]
  private var devices: [DeviceIndex: String] = [:]
  /// Sites as the kernel itself named them.
  private var toldSites: [UInt64: DropSite] = [:]
  /// Reasons that the kernel told as text.
  private var toldReasons: [UInt32: DropReason] = [:]
  private var qdiscs: [UInt32: Qdisc] = [:]
  private var namespaces = NamespaceNames()
  private var owners = OwnerNames()

  /// What could not be named and what to do about it, a sentence each; grows as names are asked
  /// for.
  package private(set) var notes: [String] = []

  /// Starts reading the kernel's names in the background.
  ///
  /// `types` are the kernel's BTF, which holds the names of its reasons. To be made once programs
  /// are loaded, for JIT-ed symbols appear with them.
  package init(types: BTF?) {
    readsReasons = Background { DropReasonTable.load(kernel: types) }
    readSymbols()
  }

  /// Takes over the names that a source has read in the kernel.
  package func learn(_ batch: DropBatch) {
    for name in batch.devices {
      devices[DeviceIndex(name.namespace, name.interfaceIndex)] = name.name
    }
    for name in batch.qdiscs { qdiscs[name.number] = name.qdisc }
    for name in batch.symbols {
      toldSites[name.address] = DropSite(address: name.address, kernelNotation: name.text)
    }
    for name in batch.reasons {
      toldReasons[name.number] =
        switch name.text {
        case .trap(let trap, let group):
          DropReason(subsystem: "hardware", name: trap, group: group)
        case .spelling(let spelling):
          reasons.name(spelled: spelling)
        }
    }
  }

  /// Makes sure that what may have changed since the last report is looked at again.
  package func refresh() {
    namespaces.refresh()
    owners.refresh()
    symbolsAreOld = true
  }

  /// Names a key.
  package func drop(for key: DropKey) -> Drop {
    Drop(
      reason: reason(key.reason), site: site(of: key),
      namespace: key.namespace == 0
        ? nil : NetworkNamespace(inode: key.namespace, name: namespaces.name(of: key.namespace)),
      device: key.interfaceIndex == 0
        ? nil
        : Device(
          index: key.interfaceIndex,
          name: devices[DeviceIndex(key.namespace, key.interfaceIndex)]),
      networkProtocol: key.ethertype == 0
        ? ProtocolNames.family(key.family) : ProtocolNames.network(ethertype: key.ethertype),
      transport: ProtocolNames.transport(key.transport),
      qdisc: key.qdisc == 0 ? nil : qdiscs[key.qdisc])
  }

  /// Names a reason; nil on a kernel that gives none.
  package func reason(_ number: UInt32) -> DropReason? {
    if let told = toldReasons[number] { return told }
    if number == DropKey.unknownReason || reasons.source == .kernelWithoutReasons { return nil }
    return reasons.name(of: number)
  }

  /// Names where a key's drops happened: an address in the kernel, or a trap of the hardware's.
  package func site(of key: DropKey) -> DropSite? {
    if key.isHardware { return DropSite(address: 0, trap: reason(key.reason)) }
    return key.site == 0 ? nil : site(at: key.site)
  }

  /// Whose socket it is.
  package func owner(of socket: SocketOwner) -> Owner { owners.owner(of: socket) }

  /// Who listens on a local port of a namespace; nil if nobody does.
  package func listener(
    transport: UInt8, port: UInt16, address: IPAddress, namespace: UInt32
  ) -> Owner? {
    let hadFailed = owners.failure != nil
    let owner = owners.listener(
      transport: transport, port: port, address: address, namespace: namespace,
      path: { namespaces.path(of: $0) })
    if !hadFailed, let failure = owners.failure {
      notes.append("nobody is named as listener for drops without a socket: \(failure)")
    }
    return owner
  }

  /// Names a code address.
  package func site(at address: UInt64) -> DropSite {
    if let known = sites[address] { return known }
    let site = look(up: address)
    if site.symbol != nil { sites[address] = site }
    return site
  }

  private func look(up address: UInt64) -> DropSite {
    if symbols == nil { takeSymbols() }
    var found = symbols?.symbol(at: address)
    if found == nil, symbols != nil, symbolsAreOld {
      // A module or a BPF program may have come since; once per report is enough.
      symbolsAreOld = false
      readSymbols()
      takeSymbols()
      found = symbols?.symbol(at: address)
    }
    guard let found else { return toldSites[address] ?? DropSite(address: address) }
    return DropSite(
      address: address, symbol: found.name, offset: found.offset, size: found.size ?? 0,
      module: found.module)
  }

  private func readSymbols() {
    readsSymbols = Background {
      Result { () throws(SymbolTableError) in try SymbolTable.load() }
    }
  }

  private func takeSymbols() {
    guard let readsSymbols else { return }
    self.readsSymbols = nil
    switch readsSymbols.wait() {
    case .success(let table): symbols = table
    case .failure(let error): notes.append("\(error)")
    }
  }

  private struct DeviceIndex: Hashable {
    let namespace: UInt32
    let interfaceIndex: UInt32

    init(_ namespace: UInt32, _ interfaceIndex: UInt32) {
      self.namespace = namespace
      self.interfaceIndex = interfaceIndex
    }
  }
}
