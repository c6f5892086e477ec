package import DropModel
internal import Bytes

/// The running kernel's source lines, by a function and how far into it.
///
/// A place is looked up by its function and not by its address, which differs from boot to boot (KASLR).
/// Files are looked for and opened at the first question about them. Used by one thread.
package final class SourceLines {
  /// Where debug information was looked for, and what came of it.
  package enum Finding: Sendable {
    case found(path: String)
    case missing(problem: String, remedy: String)
  }

  /// What could not be found and what to do about it, a sentence each; grows with questions.
  package private(set) var notes: [String] = []

  private let search: DebugFileSearch
  private let server: DebugInfoServer?
  private let tell: (String) -> Void
  /// By module; "" is the kernel itself.
  private var images: [String: KernelImage?] = [:]
  private var known: [Place: [SourceLine]] = [:]
  private var tree = SourceTree()
  /// Why there is nothing of the kernel's own.
  private var failure: DebugInfoFailure?

  private struct Place: Hashable {
    let address: UInt64
    let function: String
    let module: String?
  }

  /// Looks in `search`, then asks `server`; `tell` is called with what takes long.
  package init(
    _ search: DebugFileSearch, server: DebugInfoServer? = .ofEnvironment,
    tell: @escaping (String) -> Void = { _ in }
  ) {
    self.search = search
    self.server = server
    self.tell = tell
  }

  /// Looks for the kernel's own file now: a server may take a minute to bring it.
  package func findKernel() -> Finding {
    if let image = image(of: nil) { return .found(path: image.path) }
    if !notes.isEmpty { notes.removeLast() }
    return .missing(problem: failure?.description ?? "", remedy: failure?.remedy ?? "")
  }

  /// The functions and lines at a site, innermost first; empty if they are not known.
  ///
  /// A site's address is where the call that freed the packet returns to. The line is the call's.
  package func frames(at site: DropSite) -> [SourceLine] {
    guard let function = site.symbol, site.module != "bpf" else { return [] }
    let place = Place(address: site.address, function: function, module: site.module)
    if let known = known[place] { return known }
    var lines: [SourceLine] = []
    if let image = image(of: site.module),
      let address = image.address(of: function, site.offset, at: site.address)
    {
      lines = image.file.frames(at: address - 1).map { frame in
        SourceLine(
          file: tree.file(of: frame), line: frame.line > 0 ? frame.line : nil,
          function: frame.function ?? function)
      }
    }
    known[place] = lines
    return lines
  }

  private func image(of module: String?) -> KernelImage? {
    if let known = images[module ?? ""] { return known }
    // A module's paths begin as the kernel's do.
    if module != nil { _ = image(of: nil) }
    var image: KernelImage?
    do throws(DebugInfoFailure) {
      image = KernelImage(try open(module), isModule: module != nil)
    } catch {
      notes.append("\(error). \(error.remedy)")
      if module == nil { failure = error }
    }
    if module == nil, let first = image?.file.directory(ofUnit: "init/main.c") {
      tree = SourceTree(of: first, which: "init/main.c")
    }
    images[module ?? ""] = .some(image)
    return image
  }

  private func open(_ module: String?) throws(DebugInfoFailure) -> DebugFile {
    let what = module.map { "the module \($0)" } ?? "Linux \(search.release)"
    guard let build = search.build(of: module) else {
      throw DebugInfoFailure(
        "no source lines of \(what): its build id cannot be read, so no file can be told to be of it",
        remedy: "Mount sysfs at /sys")
    }
    var problems: [String] = []
    for path in search.candidates(of: module, build) {
      do throws(DebugFileError) {
        return try DebugFile(path: path, build: build)
      } catch  where error.isMissing {
      } catch {
        problems.append("\(error)")
      }
    }
    if let server {
      let answer = server.file(of: build, patience: module == nil ? .seconds(180) : .seconds(10)) {
        tell("fetching debug information of \(what) from \(server.urls)")
      }
      do {
        return try DebugFile(path: try answer.get(), build: build)
      } catch {
        problems.append("\(error)")
      }
    }
    let reasons =
      problems.isEmpty ? "there is no debug information" : problems.joined(separator: "; ")
    throw DebugInfoFailure("no source lines of \(what): \(reasons)", remedy: remedy(build))
  }

  private func remedy(_ build: BuildID) -> String {
    "On Debian the package linux-image-\(search.release)-dbg brings it, elsewhere "
      + "DEBUGINFOD_URLS and debuginfod-find; the build id is \(build)"
  }
}
