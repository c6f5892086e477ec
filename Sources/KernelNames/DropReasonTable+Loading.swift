package import Bytes

/// Why a source of drop-reason names could not be used.
package enum DropReasonProblem: Error, Equatable, Sendable {
  /// A file could not be read.
  case unreadable(FileError)
  /// A file of types was read and is not what it should be.
  case types(path: String, BTFError)
  /// A tracepoint's format was read and is not what it should be.
  case format(path: String, TracepointFormatError)
}

extension DropReasonProblem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let error): "\(error)"
    case .types(let path, let error): "\(path): \(error)"
    case .format(let path, let error): "\(path): \(error)"
    }
  }
}

extension DropReasonTable {
  /// Reads a file, given its absolute path.
  package typealias FileReader = (String) throws(FileError) -> [UInt8]

  /// Reads the names from the kernel that runs: its BTF, or else its tracepoints' formats.
  ///
  /// Takes about 10 ms and never fails: see ``source`` and ``problems`` for what was found. A
  /// subsystem's reasons are in the BTF of the module its name begins with, if that is loaded now.
  /// `read` stands for the file system in tests.
  ///
  /// `kernel` is the kernel's BTF if it has been read already.
  package static func load(
    kernel: BTF? = nil,
    reading read: FileReader = { path throws(FileError) in try [UInt8](contentsOfFile: path) }
  ) -> DropReasonTable {
    var table = DropReasonTable()
    let knowsNoReasons = table.loadTypes(kernel, read)
    guard table.count == 0 else { return table }
    table.loadFormats(read)
    if table.count == 0, knowsNoReasons { table.source = .kernelWithoutReasons }
    return table
  }

  /// Says whether the kernel's types were read and know no drop reasons.
  private mutating func loadTypes(_ kernel: BTF?, _ read: FileReader) -> Bool {
    guard let kernel = kernel ?? types(of: "vmlinux", base: nil, read) else { return false }
    do throws(BTFError) {
      guard try add(kernel: kernel) else { return true }
      source = .btf(modules: [])
    } catch {
      problems.append(.types(path: Self.path(ofTypes: "vmlinux"), error))
      return false
    }
    source = .btf(modules: loadModules(kernel, read))
    return false
  }

  /// Reads the modules of those subsystems that the kernel itself has no reasons of, and returns
  /// which were loaded.
  private mutating func loadModules(_ kernel: BTF, _ read: FileReader) -> [String] {
    let known = Set(names.keys.map { $0 >> Self.subsystemShift })
    var modules: [String] = []
    for (number, subsystem) in subsystems.sorted(by: { $0.key < $1.key })
    where !known.contains(number) {
      // mac80211_unusable is of the module mac80211: each beginning up to an underscore may be it.
      let words = subsystem.split(separator: "_")
      for length in stride(from: words.count, to: 0, by: -1) {
        let module = words.prefix(length).joined(separator: "_")
        guard !modules.contains(module), let types = types(of: module, base: kernel, read) else {
          continue
        }
        do throws(BTFError) {
          try add(subsystemsOf: types)
          modules.append(module)
        } catch {
          problems.append(.types(path: Self.path(ofTypes: module), error))
        }
      }
    }
    return modules
  }

  /// Tries both places where tracefs is mounted.
  private mutating func loadFormats(_ read: FileReader) {
    let tracepoints = [("skb", "kfree_skb"), ("qdisc", "qdisc_drop")]
    for root in ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"] {
      for (system, name) in tracepoints {
        let path = "\(root)/events/\(system)/\(name)/format"
        guard let text = contents(path, isRequired: system == "skb", read) else { continue }
        do throws(TracepointFormatError) {
          let format = try TracepointFormat(text)
          add(format, system: system)
          guard system == "skb" else { continue }
          source = format.field(named: "reason") == nil ? .kernelWithoutReasons : .tracepointFormat
        } catch {
          problems.append(.format(path: path, error))
        }
      }
      if source != .nothing { return }
    }
  }

  private static func path(ofTypes module: String) -> String { "/sys/kernel/btf/\(module)" }

  private mutating func types(of module: String, base: BTF?, _ read: FileReader) -> BTF? {
    let path = Self.path(ofTypes: module)
    guard let bytes = contents(path, isRequired: base == nil, read) else { return nil }
    do throws(BTFError) {
      return try BTF(bytes, base: base)
    } catch {
      problems.append(.types(path: path, error))
      return nil
    }
  }

  /// A file's bytes, or nil and a problem; that an optional file does not exist is none.
  private mutating func contents(
    _ path: String, isRequired: Bool, _ read: FileReader
  ) -> [UInt8]? {
    do throws(FileError) {
      return try read(path)
    } catch {
      if isRequired || !error.isMissing { problems.append(.unreadable(error)) }
      return nil
    }
  }
}
