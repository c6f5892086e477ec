package import DropModel

/// The only place where the kernel's numbers become names.
///
/// Nothing is read before it is asked for; what cannot be read leaves numbers, and `notes` says
/// once why. Used by one thread.
package final class Resolver {
  private var types: BTF?
  private lazy var reasons = {
    // The types are megabytes, and only this needs them.
    defer { types = nil }
    return DropReasonTable.load(kernel: types)
  }()
  private var loader: SymbolLoader?
  private var symbols: SymbolTable?
  private var symbolsAreOld = false
  private var sites: [UInt64: DropSite] = [:]
  private var devices: [DeviceIndex: String] = [:]
  private var namespaces = NamespaceNames()

  /// What could not be named and what to do about it, a sentence each; grows as names are asked
  /// for.
  package private(set) var notes: [String] = []

  /// `types` are the kernel's BTF, which holds the names of its reasons.
  package init(types: BTF?) { self.types = types }

  /// Starts reading the kernel's symbols in the background; to be called once programs are
  /// loaded, for JIT-ed symbols appear with them.
  package func loadSymbols() { loader = SymbolLoader() }

  /// Takes over device names from a source.
  package func learn(_ names: [DeviceName]) {
    for name in names {
      devices[DeviceIndex(name.namespace, name.interfaceIndex)] = name.name
    }
  }

  /// Makes sure that what may have changed since the last report is looked at again.
  package func refresh() {
    namespaces.refresh()
    symbolsAreOld = true
  }

  /// Names a key.
  package func drop(for key: DropKey) -> Drop {
    Drop(
      reason: reason(key.reason), site: key.site == 0 ? nil : site(at: key.site),
      namespace: key.namespace == 0
        ? nil : NetworkNamespace(inode: key.namespace, name: namespaces.name(of: key.namespace)),
      device: key.interfaceIndex == 0
        ? nil
        : Device(
          index: key.interfaceIndex,
          name: devices[DeviceIndex(key.namespace, key.interfaceIndex)]),
      networkProtocol: key.ethertype == 0
        ? ProtocolNames.family(key.family) : ProtocolNames.network(ethertype: key.ethertype),
      transport: ProtocolNames.transport(key.transport))
  }

  /// Names a reason; nil on a kernel that gives none.
  package func reason(_ number: UInt32) -> DropReason? {
    if reasons.source == .kernelWithoutReasons { return nil }
    return reasons.name(of: number)
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
      loadSymbols()
      takeSymbols()
      found = symbols?.symbol(at: address)
    }
    guard let found else { return DropSite(address: address) }
    return DropSite(
      address: address, symbol: found.name, offset: found.offset, size: found.size ?? 0,
      module: found.module)
  }

  private func takeSymbols() {
    guard let loader else { return }
    self.loader = nil
    switch loader.wait() {
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
