internal import BPF

/// One of the floors in bench.bpf.c.
final class FloorTracer: Tracer {
  /// Which of them, by the name of its program.
  enum Floor: String {
    /// Does nothing.
    case empty
    /// Counts by site and reason in a per-CPU hash.
    case bareHash = "bare_hash"
  }

  private struct SiteKey: BitwiseCopyable {
    var site: UInt64 = 0
    var reason: UInt32 = 0
    var padding: UInt32 = 0
  }

  let name: String
  private let floor: Floor
  // The link is declared before the object: it must go first.
  private var link: BPFLink?
  private var object: BPFObject?

  /// Takes the name for the results.
  init(_ name: String, _ floor: Floor) {
    self.name = name
    self.floor = floor
  }

  func attach() throws {
    let object = try BPFObject.benchmark(floor.rawValue)
    link = try object.attach(program: floor.rawValue)
    self.object = consume object
  }

  func detach() throws -> UInt64? {
    link = nil
    var seen: UInt64 = 0
    try object?.map("sites").forEach(keys: SiteKey.self, values: UInt64.self) { _, counts in
      seen += counts.reduce(0, +)
    }
    object = nil
    return floor == .empty ? nil : seen
  }
}

extension BPFObject {
  /// Loads one of the programs of bench.bpf.c.
  static func benchmark(_ name: String) throws -> BPFObject {
    let object = try BPFObject(bytes: benchObject, name: "bench")
    for program in ["empty", "bare_hash", "clocked_pass"] {
      try object.setAutoload(program == name, ofProgram: program)
    }
    try object.load()
    return object
  }
}
