import CDropLab
import Glibc

/// A program of the system, run to its end in the calling thread's network namespace.
package enum Command {
  /// Runs a program found in `PATH` and returns what it wrote on standard output.
  ///
  /// The input and both outputs are memory files, so no side can block on a full pipe.
  /// Throws with the program's own words when it fails, and kills it after `milliseconds`.
  @discardableResult
  package static func run(
    _ arguments: [String], input: String = "", milliseconds: CInt = 10_000
  ) throws(LabError) -> String {
    let name = arguments.joined(separator: " ")
    let files = [
      try memoryFile("input"), try memoryFile("output"), try memoryFile("errors"),
    ]
    try files[0].write([UInt8](input.utf8))
    lseek(files[0].number, 0, SEEK_SET)

    let child = try spawn(arguments, files: files, name: name)
    var code: CInt = 0
    let ended = try checked(
      unsafe dwlab_wait_child(child, milliseconds, &code), "wait for \(name)")
    let errors = try text(of: files[2])
    guard ended == 1 else { throw LabError("\(name): killed after \(milliseconds) ms\n\(errors)") }
    guard code == 0 else {
      throw LabError("\(name): exit status \(code): \(errors)\(input.isEmpty ? "" : "\n" + input)")
    }
    return try text(of: files[1])
  }

  private static func memoryFile(_ name: String) throws(LabError) -> Descriptor {
    try Descriptor(unsafe dwlab_memfd("dwlab-" + name), "make a memory file")
  }

  private static func text(of file: Descriptor) throws(LabError) -> String {
    lseek(file.number, 0, SEEK_SET)
    return String(decoding: try file.readToEnd(), as: UTF8.self)
  }

  private static func spawn(
    _ arguments: [String], files: [Descriptor], name: String
  ) throws(LabError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
    for (target, file) in files.enumerated() {
      unsafe _ = posix_spawn_file_actions_adddup2(&actions, file.number, CInt(target))
    }
    // Our strings must outlive the call; strdup makes them independent of Swift's storage.
    var words: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) }
    unsafe words.append(nil)
    defer { unsafe words.forEach { unsafe free($0) } }
    var child: pid_t = 0
    let error = unsafe posix_spawnp(&child, arguments[0], &actions, nil, words, environ)
    guard error == 0 else {
      errno = error
      throw LabError(errnoOf: "start \(name)")
    }
    return child
  }
}
