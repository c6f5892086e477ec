internal import Bytes
internal import DropModel
internal import DropSources
internal import Glibc
internal import KernelNames

/// The running kernel as a source, with the names for its numbers.
struct LiveSource {
  let source: any DropSource
  let resolver: Resolver

  /// Reads the kernel's types once, attaches, and starts reading names.
  init(options: EBPFOptions) throws(SourceError) {
    let types = try Self.kernelTypes()
    let source = try EBPFSource(options: options, types: types)
    // An output that is a socket makes packets: watching them would make more of them.
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] where Self.isSocket(descriptor) {
      try source.exclude(socket: descriptor)
    }
    self.source = source
    resolver = Resolver(types: types)
  }

  /// The kernel's BTF.
  static func kernelTypes() throws(SourceError) -> BTF {
    let path = "/sys/kernel/btf/vmlinux"
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try [UInt8](contentsOfBlob: path)
    } catch {
      throw .unsupported(
        error.isMissing
          ? "this kernel has no BTF (\(path)), which eBPF needs. It takes CONFIG_DEBUG_INFO_BTF=y"
          : "\(error)")
    }
    do throws(BTFError) {
      return try BTF(bytes)
    } catch {
      throw .failed("cannot use \(path): \(error)")
    }
  }

  private static func isSocket(_ descriptor: Int32) -> Bool {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
  }
}
