package import Bytes
package import Diagnosis
internal import DropModel

/// What two recordings that are compared have to tell of themselves.
package struct ComparedRun: Sendable {
  package var file: String
  package var session: Session
  package var duration: Duration
  package var drops: UInt64

  package init(file: String, session: Session, duration: Duration, drops: UInt64) {
    self.file = file
    self.session = session
    self.duration = duration
    self.drops = drops
  }
}

/// The format of `diff --json`: one object for the comparison, then one for each difference.
package struct DifferenceLines: ~Copyable {
  private let descriptor: Int32
  private var json = JSONWriter()

  package init(descriptor: Int32) { self.descriptor = descriptor }

  /// Writes what is compared, and what the user should know of it.
  package mutating func write(
    before: ComparedRun, after: ComparedRun, notes: [String]
  ) throws(WriteError) {
    json.line { json in
      json.field("type", "comparison")
      json.field("schema", 1)
      json.object("before") { $0.describe(before) }
      json.object("after") { $0.describe(after) }
      json.strings("notes", notes)
    }
    try json.buffer.write(to: descriptor)
  }

  /// Writes a difference.
  package mutating func write(_ difference: Difference) throws(WriteError) {
    json.line { json in
      json.field("type", "difference")
      json.field("change", difference.change.rawValue)
      json.field("significant", difference.isSignificant)
      json.field("p", difference.probability, digits: 6)
      json.object("before") { json in
        json.field("drops", difference.before)
        json.field("per_second", difference.rateBefore, digits: 3)
      }
      json.object("after") { json in
        json.field("drops", difference.after)
        json.field("per_second", difference.rateAfter, digits: 3)
      }
      json.describe(difference.drop)
    }
    try json.buffer.write(to: descriptor)
  }
}

extension JSONWriter {
  fileprivate mutating func describe(_ run: ComparedRun) {
    field("file", run.file)
    field("kernel", run.session.kernel)
    field("host", run.session.host)
    field("source", run.session.source.name)
    field("started", run.session.started.rfc3339)
    field("duration_s", run.duration.seconds, digits: 3)
    field("drops", run.drops)
  }
}
