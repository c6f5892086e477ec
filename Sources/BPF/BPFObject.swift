internal import CLibBPF
internal import Glibc

/// A BPF object: its programs and maps, from the bytes that the compiler made.
///
/// Configure it (`setAutoload`, `setCapacity`, `setConstants`), then `load()`. The kernel frees
/// programs and maps once this and every link are gone, also when the process dies.
@safe package struct BPFObject: ~Copyable {
  private let object: OpaquePointer

  /// Opens an ELF object; nothing reaches the kernel yet.
  ///
  /// `bytes` are used only during the call.
  package init(bytes: [UInt8], name: String) throws(BPFError) {
    LibBPFLog.clear()
    var options = unsafe bpf_object_open_opts()
    unsafe options.sz = MemoryLayout<bpf_object_open_opts>.size
    let opened = unsafe name.withCString { name in
      unsafe options.object_name = unsafe name
      return unsafe bytes.withUnsafeBytes {
        unsafe bpf_object__open_mem($0.baseAddress, $0.count, &options)
      }
    }
    guard let opened = unsafe opened else {
      throw BPFError("open the BPF object \(name)", code: errno, log: LibBPFLog.take())
    }
    unsafe object = opened
  }

  deinit { unsafe bpf_object__close(object) }

  /// Chooses whether `load()` loads a program.
  package func setAutoload(_ isLoaded: Bool, ofProgram name: String) throws(BPFError) {
    let program = unsafe try find(program: name)
    try check(unsafe bpf_program__set_autoload(program, isLoaded), "choose the program \(name)")
  }

  /// Sets how many entries a map can hold, or the bytes of a ring buffer (a power of two).
  package func setCapacity(_ entries: UInt32, ofMap name: String) throws(BPFError) {
    let map = unsafe try find(map: name)
    try check(unsafe bpf_map__set_max_entries(map, entries), "size the map \(name)")
  }

  /// Fills the object's constants (`.rodata`), which must be one variable of exactly this type.
  ///
  /// To be called before `load()`: afterwards the kernel has frozen them, and its verifier has
  /// removed the code that they turn off.
  package func setConstants<Constants: BitwiseCopyable>(_ constants: Constants) throws(BPFError) {
    let map = unsafe try find(map: ".rodata")
    var size = 0
    let memory = unsafe bpf_map__initial_value(map, &size)
    guard let memory = unsafe memory, size == MemoryLayout<Constants>.size else {
      throw BPFError("fill the constants of the BPF object (\(size) bytes)", code: EINVAL)
    }
    unsafe UnsafeMutableRawPointer(mutating: memory).storeBytes(
      of: constants, as: Constants.self)
  }

  /// Loads the chosen programs and creates the maps.
  ///
  /// Costs 20 to 50 ms, most of it reading BTF.
  package func load() throws(BPFError) {
    LibBPFLog.clear()
    try check(unsafe bpf_object__load(object), "load the BPF programs")
  }

  /// A map of a loaded object; valid as long as the object.
  package func map(_ name: String) throws(BPFError) -> BPFMap {
    try unsafe BPFMap(find(map: name))
  }

  /// Attaches a `tp_btf` or `raw_tp` program to the tracepoint that its section names.
  package func attach(program name: String) throws(BPFError) -> BPFLink {
    LibBPFLog.clear()
    let program = unsafe try find(program: name)
    guard let link = unsafe bpf_program__attach(program) else {
      throw BPFError("attach the program \(name)", code: errno, log: LibBPFLog.take())
    }
    return unsafe BPFLink(link)
  }

  /// The descriptor of a loaded program, valid as long as the object.
  package func descriptor(ofProgram name: String) throws(BPFError) -> Int32 {
    let program = unsafe try find(program: name)
    return unsafe bpf_program__fd(program)
  }

  /// How often a program was not run because it was already running on that CPU.
  ///
  /// 0 also where the kernel does not count it (before 5.12; see bpf_prog_info in linux/bpf.h).
  package func recursionMisses(ofProgram name: String) throws(BPFError) -> UInt64 {
    let program = unsafe try find(program: name)
    var info = bpf_prog_info()
    var size = UInt32(MemoryLayout<bpf_prog_info>.size)
    let code = unsafe bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size)
    try check(code, "ask for the misses of the program \(name)")
    return info.recursion_misses
  }

  private func find(map name: String) throws(BPFError) -> OpaquePointer {
    guard let map = unsafe bpf_object__find_map_by_name(object, name) else {
      throw BPFError("find the map \(name)", code: ENOENT)
    }
    return unsafe map
  }

  private func find(program name: String) throws(BPFError) -> OpaquePointer {
    guard let program = unsafe bpf_object__find_program_by_name(object, name) else {
      throw BPFError("find the program \(name)", code: ENOENT)
    }
    return unsafe program
  }

  private func check(_ code: Int32, _ operation: String) throws(BPFError) {
    if code < 0 { throw BPFError(operation, code: -code, log: LibBPFLog.take()) }
  }
}
