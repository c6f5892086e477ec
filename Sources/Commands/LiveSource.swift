internal import Bytes
internal import DropModel
internal import DropSources
internal import Glibc
internal import KernelNames

/// The running kernel as a source, with the names for its numbers.
struct LiveSource {
  let source: any DropSource
  let resolver: any DropNames
  /// What the source is, and which better ones refused.
  let description: SourceDescription

  /// Attaches the first source that this kernel offers, and starts reading names.
  ///
  /// `names` may put others around the kernel's names.
  /// The error of a request for one source is that source's own; else it tells what each said.
  init(
    _ request: SourceRequest, names: (any DropNames) -> any DropNames = { $0 }
  ) throws(SourceError) {
    var refusals: [SourceRefusal] = []
    var failure: SourceError?
    for name in request.choice.order {
      do throws(SourceError) {
        let attached = try Self.attach(name, request)
        source = attached.source
        resolver = names(Resolver(types: attached.types))
        var description = attached.source.description
        description.refusals = refusals
        self.description = description
        return
      } catch {
        refusals.append(SourceRefusal(source: name.rawValue, reason: error.description))
        failure = failure ?? error
      }
    }
    guard refusals.count > 1, let failure else { throw failure ?? .failed("no source was named") }
    let lines = refusals.map { "  \($0.source): \($0.reason)" }
    throw failure.saying("no source can watch drops here\n" + lines.joined(separator: "\n"))
  }

  private static func attach(
    _ name: SourceName, _ request: SourceRequest
  ) throws(SourceError) -> (source: any DropSource, types: BTF?) {
    switch name {
    case .ebpf:
      let types = try kernelTypes()
      let source = try EBPFSource(options: request.ebpf, types: types)
      // An output that is a socket makes packets: watching them would make more of them.
      for descriptor in [STDOUT_FILENO, STDERR_FILENO] where isSocket(descriptor) {
        try source.exclude(socket: descriptor)
      }
      return (source, types)
    case .netdm:
      return (try DropMonitorSource(options: request.netdm, handsOver: request.handsOver), nil)
    case .tracepoint:
      guard request.ebpf.software else {
        throw .unsupported("it sees only software drops, which are off: type set sw true")
      }
      return (try TracepointSource(options: request.tracepoint), nil)
    }
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
