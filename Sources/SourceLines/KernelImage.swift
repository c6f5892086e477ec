/// A kernel's or a module's file, and how its addresses and those of the running one differ.
final class KernelImage {
  let file: DebugFile
  /// The differences seen so far, of functions whose name is the only one of its kind.
  private var slides: Set<UInt64> = []
  private let isModule: Bool

  init(_ file: DebugFile, isModule: Bool) {
    self.file = file
    self.isModule = isModule
  }

  var path: String { file.path }

  /// Where in the file a running address lies, which is so far into a function; nil if that cannot be told.
  ///
  /// Static functions may share a name: the right one is as far from its running address as others are, or
  /// at least by a multiple of what KASLR moves a kernel by.
  func address(of function: String, _ offset: UInt64, at running: UInt64) -> UInt64? {
    let all = file.functions(named: function)
    // A return address may lie just behind the function's end.
    let fitting = all.filter { offset <= UInt64($0.count) || $0.count == 1 }
    if fitting.count == 1, let only = fitting.first {
      if all.count == 1 { slides.insert(running &- offset &- only.lowerBound) }
      return only.lowerBound + offset
    }
    let sameSlide = fitting.filter { slides.contains(running &- offset &- $0.lowerBound) }
    if let first = sameSlide.first, sameSlide.count == 1 { return first.lowerBound + offset }
    // CONFIG_PHYSICAL_ALIGN is 2 MB. A module may lie at any page.
    if isModule { return nil }
    let aligned = fitting.filter { (running &- offset &- $0.lowerBound) % (2 << 20) == 0 }
    if let first = aligned.first, aligned.count == 1 { return first.lowerBound + offset }
    return nil
  }
}
