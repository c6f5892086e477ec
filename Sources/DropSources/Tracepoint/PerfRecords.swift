internal import Bytes

/// Goes through the records of a ring: `struct perf_event_header` and what follows it.
///
/// See perf_event_open(2): PERF_RECORD_SAMPLE with TIME and RAW, PERF_RECORD_LOST.
struct PerfRecords: ~Escapable {
  /// A record.
  struct Record: ~Escapable {
    /// What it says.
    enum Kind: Equatable {
      /// A hit of the tracepoint, and when: CLOCK_MONOTONIC, ns.
      case sample(time: UInt64)
      /// So many samples found no room before this one.
      case lost(UInt64)
      /// Something that nobody asked for.
      case other
    }

    let kind: Kind
    /// What the tracepoint has recorded, if it is a sample.
    let sample: ByteReader

    @_lifetime(copy sample)
    init(_ kind: Kind, _ sample: ByteReader) {
      self.kind = kind
      self.sample = sample
    }
  }

  private var reader: ByteReader

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan) { reader = ByteReader(bytes) }

  /// The next record; nil at the end.
  ///
  /// After an error there is no telling where the next one begins: stop.
  @_lifetime(copy self)
  mutating func next() throws(ByteReaderError) -> Record? {
    guard !reader.isAtEnd else { return nil }
    let type = try reader.read(UInt32.self, .host)
    _ = try reader.read(UInt16.self, .host)
    // A size below the header's own is refused as well: a negative count.
    let size = Int(try reader.read(UInt16.self, .host)) - 8
    var body = try reader.readReader(size)
    switch type {
    case 9:
      let time = try body.read(UInt64.self, .host)
      let length = Int(try body.read(UInt32.self, .host))
      return Record(.sample(time: time), try body.readReader(length))
    case 2:
      _ = try body.read(UInt64.self, .host)
      return Record(.lost(try body.read(UInt64.self, .host)), body)
    default: return Record(.other, body)
    }
  }
}
