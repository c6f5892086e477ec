internal import CLibBPF

/// An attached program.
///
/// Detaches when it goes out of scope, so keep it in a stored property that is declared before the
/// object.
@safe package struct BPFLink: ~Copyable {
  private let link: OpaquePointer

  init(_ link: OpaquePointer) { unsafe self.link = link }

  deinit { unsafe _ = bpf_link__destroy(link) }
}
