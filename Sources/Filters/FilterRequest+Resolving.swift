package import KernelNames

extension FilterRequest {
  /// Where names are looked up, asked only for what is needed.
  package struct Names {
    /// The reasons of the running kernel.
    package var reasons: () -> DropReasonTable
    /// Its functions.
    package var symbols: () throws(SymbolTableError) -> SymbolTable
    package var namespaces = NamespaceSearch()
    package var controlGroups = ControlGroupSearch()
    package var users = UserSearch()

    package init(
      reasons: @escaping () -> DropReasonTable = { DropReasonTable.load() },
      symbols: @escaping () throws(SymbolTableError) -> SymbolTable = {
        () throws(SymbolTableError) in try SymbolTable.load()
      }
    ) {
      self.reasons = reasons
      self.symbols = symbols
    }
  }

  /// The filter in the kernel's numbers; an error names the first word that nobody knows, and those
  /// that are like it.
  package func resolve(_ names: Names = Names()) throws(FilterError) -> DropFilter {
    var filter = DropFilter()
    filter.text = text
    filter.expression = try PacketFilter(expression)
    if !reasons.isEmpty || !unwantedReasons.isEmpty {
      let table = names.reasons()
      for reason in reasons { filter.reasons.formUnion(try table.reasons(named: reason)) }
      for reason in unwantedReasons {
        filter.unwantedReasons.formUnion(try table.reasons(named: reason))
      }
    }
    if !sites.isEmpty {
      let search = SiteSearch(names.symbols)
      for site in sites { filter.sites += try search.ranges(of: site) }
      guard filter.sites.count <= DropFilter.mostSites else {
        throw .tooMany("--site names \(filter.sites.count) functions", most: DropFilter.mostSites)
      }
    }
    for device in devices {
      if let index = UInt32(device) {
        filter.interfaces.insert(index)
      } else {
        guard (1..<16).contains(device.utf8.count), !device.contains("/") else {
          throw .invalid("--device", device, "a device's name has 1 to 15 bytes and no slash")
        }
        filter.devices.insert(device)
      }
    }
    for namespace in namespaces {
      filter.namespaces.insert(try names.namespaces.inode(of: namespace))
    }
    for group in controlGroups {
      filter.controlGroups.insert(try names.controlGroups.inode(ofPath: group))
    }
    for container in containers {
      filter.controlGroups.formUnion(try names.controlGroups.inodes(ofContainer: container))
    }
    for user in users { filter.users.insert(try names.users.number(of: user)) }
    return filter
  }
}

extension DropReasonTable {
  /// The reasons with a name, which may be of several subsystems if none is named; a trap of the
  /// hardware is taken as it is, for nobody lists those.
  fileprivate func reasons(named name: String) throws(FilterError) -> Set<DropFilter.Reason> {
    let trap = "hardware/"
    if name.lowercased().hasPrefix(trap) {
      let name = String(name.dropFirst(trap.count))
      // 40 bytes with their end are kept of a trap's name: drop_records.h.
      guard (1..<40).contains(name.utf8.count) else {
        throw .invalid("--reason", trap + name, "a trap's name has 1 to 39 bytes")
      }
      return [.trap(name)]
    }
    let found = numbers(named: name)
    guard !found.isEmpty else {
      guard count > 0 else {
        throw .invalid("--reason", name, "this kernel's reasons cannot be read, or it has none")
      }
      throw .unknown("drop reason", name, near: nearNames(to: name, among: labels))
    }
    return Set(found.map { .number($0.number, spelling: $0.spelling) })
  }
}
