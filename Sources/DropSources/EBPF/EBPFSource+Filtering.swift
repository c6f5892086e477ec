internal import BPF
internal import CDropRecords
internal import Filters

extension EBPFSource {
  /// Sizes the maps of what is asked for, before the object is loaded.
  static func size(_ filter: DropFilter, in object: borrowing BPFObject) throws(BPFError) {
    try object.setCapacity(UInt32(max(filter.numbers.count, 1)), ofMap: "filter_numbers")
    try object.setCapacity(UInt32(max(filter.names.count, 1)), ofMap: "filter_names")
    try object.setCapacity(UInt32(max(filter.sites.count, 1)), ofMap: "filter_sites")
  }

  /// Fills them, before the programs are attached.
  static func fill(_ filter: DropFilter, in object: borrowing BPFObject) throws(BPFError) {
    let numbers = try object.map("filter_numbers")
    for number in filter.numbers { try numbers.set(UInt8(1), for: number) }
    let names = try object.map("filter_names")
    for name in filter.names { try names.set(UInt8(1), for: name) }
    let sites = try object.map("filter_sites")
    for (index, site) in filter.sites.enumerated() {
      try sites.set(
        drop_filter_site(start: site.lowerBound, end: site.upperBound), for: UInt32(index))
    }
  }
}

extension DropFilter {
  /// What the program looks at besides an expression: bits by `enum drop_filter_kind`.
  var bits: UInt32 {
    let kinds: [(drop_filter_kind, Bool)] = [
      (DROP_FILTER_REASON, !reasons.isEmpty), (DROP_FILTER_NOT_REASON, !unwantedReasons.isEmpty),
      (DROP_FILTER_SITE, !sites.isEmpty),
      (DROP_FILTER_DEVICE, !devices.isEmpty || !interfaces.isEmpty),
      (DROP_FILTER_NETNS, !namespaces.isEmpty), (DROP_FILTER_UID, !users.isEmpty),
      (DROP_FILTER_CGROUP, !controlGroups.isEmpty),
    ]
    return kinds.reduce(0) { $1.1 ? $0 | 1 << $1.0.rawValue : $0 }
  }

  /// The keys of the map of numbers.
  fileprivate var numbers: [drop_filter_number] {
    let kinds: [(drop_filter_kind, [UInt64])] = [
      (DROP_FILTER_REASON, reasons.compactMap(\.number)),
      (DROP_FILTER_NOT_REASON, unwantedReasons.compactMap(\.number)),
      (DROP_FILTER_DEVICE, interfaces.map(UInt64.init)),
      (DROP_FILTER_NETNS, namespaces.map(UInt64.init)),
      (DROP_FILTER_UID, users.map(UInt64.init)),
      (DROP_FILTER_CGROUP, Array(controlGroups)),
    ]
    return kinds.flatMap { kind, numbers in
      numbers.map { drop_filter_number(number: $0, kind: kind.rawValue, reserved: 0) }
    }
  }

  /// The keys of the map of names.
  fileprivate var names: [drop_filter_name] {
    let kinds: [(drop_filter_kind, [String])] = [
      (DROP_FILTER_REASON, reasons.compactMap(\.trap)),
      (DROP_FILTER_NOT_REASON, unwantedReasons.compactMap(\.trap)),
      (DROP_FILTER_DEVICE, Array(devices)),
    ]
    return kinds.flatMap { kind, names in names.map { drop_filter_name($0, kind) } }
  }
}

extension DropFilter.Reason {
  fileprivate var number: UInt64? {
    if case .number(let number, _) = self { UInt64(number) } else { nil }
  }

  fileprivate var trap: String? { if case .trap(let name) = self { name } else { nil } }
}

extension drop_filter_name {
  fileprivate init(_ text: String, _ kind: drop_filter_kind) {
    self.init()
    self.kind = kind.rawValue
    // One byte is left for the end.
    unsafe withUnsafeMutableBytes(of: &name) { bytes in
      for (index, byte) in text.utf8.prefix(bytes.count - 1).enumerated() {
        unsafe bytes[index] = byte
      }
    }
  }
}
