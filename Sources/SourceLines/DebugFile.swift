internal import CLibDW
internal import Glibc

/// A kernel or module file with debug information, by elfutils' libdwfl.
///
/// Opening maps it and reads its headers; line tables and functions are read unit by unit as they are
/// asked for. Addresses are those of the file, where a module's sections lie one behind the other.
/// Used by one thread.
@safe final class DebugFile {
  let path: String
  private let session: OpaquePointer
  private let module: OpaquePointer
  /// Must stay as long as the session.
  private let callbacks: UnsafeMutablePointer<Dwfl_Callbacks>
  /// Beginnings and lengths of functions that were asked for.
  private var functions: [String: [Range<UInt64>]] = [:]

  /// Opens a file, which must be of a build if one is named.
  init(path: String, build: BuildID? = nil) throws(DebugFileError) {
    self.path = path
    let callbacks = UnsafeMutablePointer<Dwfl_Callbacks>.allocate(capacity: 1)
    unsafe callbacks.initialize(to: Dwfl_Callbacks())
    // Debug information is in the file itself: it is looked for nowhere else.
    unsafe callbacks.pointee.find_debuginfo = { _, _, _, _, _, _, _, _ in -1 }
    unsafe callbacks.pointee.section_address = dwfl_offline_section_address
    unsafe self.callbacks = unsafe callbacks
    guard let session = unsafe dwfl_begin(callbacks) else {
      unsafe callbacks.deallocate()
      throw DebugFileError(path: path, problem: .unreadable(Self.lastWords))
    }
    unsafe self.session = unsafe session
    guard let module = unsafe dwfl_report_offline(session, path, path, -1) else {
      let words = Self.lastWords
      unsafe dwfl_end(session)
      unsafe callbacks.deallocate()
      throw DebugFileError(path: path, problem: .unreadable(words))
    }
    unsafe self.module = unsafe module
    _ = unsafe dwfl_report_end(session, nil, nil)
    if let build {
      let found = self.build
      guard found == build else {
        throw DebugFileError(path: path, problem: .otherBuild(found: found, wanted: build))
      }
    }
    var bias: Dwarf_Addr = 0
    guard unsafe dwfl_module_getdwarf(module, &bias) != nil else {
      throw DebugFileError(path: path, problem: .withoutLines(Self.lastWords))
    }
  }

  deinit {
    unsafe dwfl_end(session)
    unsafe callbacks.deallocate()
  }

  /// The build id; nil if there is none.
  var build: BuildID? {
    var bytes: UnsafePointer<UInt8>?
    var address: GElf_Addr = 0
    let length = unsafe dwfl_module_build_id(module, &bytes, &address)
    guard length > 0, let bytes = unsafe bytes else { return nil }
    // Safe: libdwfl says how many bytes there are, which stay with the module.
    return BuildID(bytes: unsafe Array(UnsafeBufferPointer(start: bytes, count: Int(length))))
  }

  /// Where functions of a name lie in the file; static ones may share it.
  ///
  /// Goes through all symbols at the first question about a name, some milliseconds for a kernel.
  func functions(named name: String) -> [Range<UInt64>] {
    if let known = functions[name] { return known }
    var found: [Range<UInt64>] = []
    let count = unsafe dwfl_module_getsymtab(module)
    for index in 0..<max(count, 0) {
      var symbol = GElf_Sym()
      var address: GElf_Addr = 0
      let candidate = unsafe dwfl_module_getsym_info(
        module, index, &symbol, &address, nil, nil, nil)
      // STT_NOTYPE and STT_FUNC: what is written in assembly often has no type.
      guard [0, 2].contains(symbol.st_info & 0xF), symbol.st_shndx != 0,
        let candidate = unsafe candidate, unsafe strcmp(candidate, name) == 0
      else { continue }
      let range = address..<address + max(symbol.st_size, 1)
      if !found.contains(range) { found.append(range) }
    }
    functions[name] = found
    return found
  }

  /// The functions that an address of the file lies in and their lines, innermost first; empty if nothing
  /// is known of it.
  ///
  /// Paths are as the compiler was told them.
  func frames(at address: UInt64) -> [Frame] {
    var bias: Dwarf_Addr = 0
    guard let unit = unsafe unit(of: address, &bias) else { return [] }
    let place = address - bias
    guard let row = unsafe dwarf_getsrc_die(unit, place) else { return [] }
    var line: Int32 = 0
    _ = unsafe dwarf_lineno(row, &line)
    guard let source = unsafe dwarf_linesrc(row, nil, nil) else { return [] }
    var frame = Frame(
      path: unsafe String(cString: source), line: Int(line), function: nil,
      directory: unsafe directory(of: unit))
    var frames: [Frame] = []
    var files: OpaquePointer?
    _ = unsafe dwarf_getsrcfiles(unit, &files, nil)
    unsafe forEachScope(at: place, in: unit) { scope in
      let tag = unsafe dwarf_tag(scope)
      // DW_TAG_inlined_subroutine, DW_TAG_subprogram
      guard tag == 0x1D || tag == 0x2E else { return }
      frame.function = unsafe dwarf_diename(scope).map { unsafe String(cString: $0) }
      frames.append(frame)
      guard tag == 0x1D else { return }
      // What it was inlined into, and where: DW_AT_call_file, DW_AT_call_line.
      let caller = unsafe number(0x58, of: scope).flatMap { file in
        unsafe files.flatMap { unsafe dwarf_filesrc($0, Int(file), nil, nil) }
      }
      frame.path = unsafe caller.map { unsafe String(cString: $0) } ?? ""
      frame.line = unsafe number(0x59, of: scope).map { Int($0) } ?? 0
    }
    if frames.isEmpty {
      frame.function = unsafe dwfl_module_addrname(module, address).map {
        unsafe String(cString: $0)
      }
      frames.append(frame)
    }
    return frames
  }

  /// The directory of a file within the file's tree: that in which the unit called so was compiled.
  func directory(ofUnit name: String) -> Frame? {
    var bias: Dwarf_Addr = 0
    var unit = unsafe dwfl_module_nextcu(module, nil, &bias)
    while let current = unsafe unit {
      if let path = unsafe dwarf_diename(current), unsafe String(cString: path).hasSuffix(name) {
        return Frame(
          path: unsafe String(cString: path), line: 0, function: nil,
          directory: unsafe directory(of: current))
      }
      unsafe unit = unsafe dwfl_module_nextcu(module, current, &bias)
    }
    return nil
  }

  private func unit(of address: UInt64, _ bias: inout Dwarf_Addr) -> UnsafeMutablePointer<
    Dwarf_Die
  >? {
    if let unit = unsafe dwfl_module_addrdie(module, address, &bias) { return unsafe unit }
    // Without .debug_aranges, which clang does not write, each unit is asked.
    var unit = unsafe dwfl_module_nextcu(module, nil, &bias)
    while let current = unsafe unit {
      if unsafe dwarf_haspc(current, address - bias) > 0 { return unsafe current }
      unsafe unit = unsafe dwfl_module_nextcu(module, current, &bias)
    }
    return nil
  }

  /// Calls `body` with the scopes around an address as they lie in the code, innermost first.
  private func forEachScope(
    at place: UInt64, in unit: UnsafeMutablePointer<Dwarf_Die>,
    _ body: (UnsafeMutablePointer<Dwarf_Die>) -> Void
  ) {
    var scopes: UnsafeMutablePointer<Dwarf_Die>?
    guard unsafe dwarf_getscopes(unit, place, &scopes) > 0, let innermost = unsafe scopes else {
      return
    }
    defer { unsafe free(innermost) }
    // Those are the scopes of names. What an inlined function lies in is told by its own entry.
    var around: UnsafeMutablePointer<Dwarf_Die>?
    let count = unsafe dwarf_getscopes_die(innermost, &around)
    guard count > 0, let around = unsafe around else { return }
    defer { unsafe free(around) }
    for index in 0..<Int(count) { unsafe body(around + index) }
  }

  private func number(_ name: UInt32, of scope: UnsafeMutablePointer<Dwarf_Die>) -> UInt64? {
    var attribute = unsafe Dwarf_Attribute()
    var value: Dwarf_Word = 0
    guard let found = unsafe dwarf_attr(scope, name, &attribute),
      unsafe dwarf_formudata(found, &value) == 0
    else { return nil }
    return value
  }

  /// DW_AT_comp_dir.
  private func directory(of unit: UnsafeMutablePointer<Dwarf_Die>) -> String? {
    var attribute = unsafe Dwarf_Attribute()
    guard let found = unsafe dwarf_attr(unit, 0x1B, &attribute),
      let text = unsafe dwarf_formstring(found)
    else { return nil }
    return unsafe String(cString: text)
  }

  private static var lastWords: String {
    unsafe dwfl_errmsg(-1).map { unsafe String(cString: $0) } ?? "no reason was given"
  }
}
