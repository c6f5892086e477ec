import Bytes

extension SymbolTable {
  /// The function that an address lies in, nil if none is known to reach that far.
  ///
  /// Named as `%pS` names it: an address at the very beginning of a function belongs to that
  /// function. A drop site is printed so by the kernel's own tracepoint.
  package func symbol(at address: UInt64) -> Symbol? {
    symbol(containing: address, offsetTo: address)
  }

  /// The function that a return address on a stack returns into, as `%pB` names it.
  ///
  /// It is looked up one byte earlier: behind a call that never returns, the return address is
  /// already the next function's.
  package func symbol(returningTo address: UInt64) -> Symbol? {
    guard address > 0 else { return nil }
    return symbol(containing: address - 1, offsetTo: address)
  }

  private func symbol(containing address: UInt64, offsetTo target: UInt64) -> Symbol? {
    let after = firstIndex(after: address)
    guard after > 0 else { return nil }
    let start = entries[after - 1].address

    var function = -1
    var alias = after - 1
    while alias >= 0, entries[alias].address == start {
      if entries[alias].isFunction {
        guard !name(of: alias).isEnd else { return nil }
        function = alias
      }
      alias -= 1
    }
    guard function >= 0 else { return nil }

    let name = name(of: function)
    var reach = Self.openReach
    var size: UInt64?
    if after < entries.count {
      let length = entries[after].address - start
      if entries[after].isFunction, self.name(of: after).hasSameModule(as: name) {
        size = length
        reach = length
      } else {
        reach = min(reach, length)
      }
    }
    guard address - start < reach else { return nil }
    return Symbol(
      name: name.name.text, module: name.module?.text, offset: target - start, size: size)
  }

  /// The index of the first entry whose address is greater.
  private func firstIndex(after address: UInt64) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].address <= address {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  @_lifetime(borrow self)
  private func name(of index: Int) -> Name {
    Name(at: Int(entries[index].nameOffset), in: text.span)
  }
}

/// The name and the module of an entry, still in the table's text.
private struct Name: ~Escapable {
  let name: RawSpan
  let module: RawSpan?

  @_lifetime(copy text)
  init(at offset: Int, in text: Span<UInt8>) {
    var reader = ByteReader(text.extracting(offset...).raw)
    // Parsing has found a newline behind every name, and a bracket behind every tab.
    guard var line = reader.readLine() else {
      name = reader.rest
      module = nil
      return
    }
    if let name = line.readReader(upTo: UInt8(ascii: "\t")) {
      self.name = name.rest
      _ = line.accept(UInt8(ascii: "["))
      module = line.readReader(upTo: UInt8(ascii: "]"))?.rest
    } else {
      name = line.rest
      module = nil
    }
  }

  /// Whether it marks the end of the kernel's code (include/asm-generic/sections.h).
  var isEnd: Bool {
    module == nil && (name.equals("_etext") || name.equals("_einittext"))
  }

  func hasSameModule(as other: borrowing Name) -> Bool {
    guard let module, let other = other.module else { return module == nil && other.module == nil }
    return module.equals(other)
  }
}
