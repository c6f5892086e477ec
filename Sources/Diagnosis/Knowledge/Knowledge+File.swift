extension Knowledge {
  /// The file of a function within the kernel's tree, as far as it is known as a site or as a place where
  /// packets are dropped for `reason`; nil if it is not.
  ///
  /// What the compiler split off (`name.part.0`, `name.cold`) is in the same file.
  package func file(of function: String, reason: String?, on release: KernelRelease?) -> String? {
    let name = String(function.prefix { $0 != "." })
    for entry in [name, reason].compactMap(\.self) {
      guard let known = try? self.entry(entry) else { continue }
      let functions = known.functions.filter { $0.name == name }
      let fitting = functions.first { function in
        release.map { function.kernels?.contains($0) ?? true } ?? true
      }
      if let file = (fitting ?? functions.first)?.file { return file }
    }
    return nil
  }
}
