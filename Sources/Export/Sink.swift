package import Bytes
package import Diagnosis
package import DropModel

/// Who shows what a run finds.
///
/// A sink formats; it never asks the kernel and never counts.
package protocol Sink: AnyObject {
  /// Whether reports should hold rows that dropped nothing in the interval.
  var showsIdle: Bool { get }

  /// Once, when the source is attached: what is dropped from then on is counted.
  func begin(_ session: Session) throws(WriteError)

  /// What was just read, with the numbers that it came in: for those who show each packet, or keep
  /// everything. Packets come as soon as they are there, tallies once per interval.
  func take(_ batch: DropBatch, names: any DropNames) throws(WriteError)

  /// After each interval; `notes` are problems that nobody was told of yet.
  func show(_ report: Report, notes: [String]) throws(WriteError)

  /// Once, at the end, after the last report.
  func end(_ summary: Summary) throws(WriteError)
}

extension Sink {
  package func take(_ batch: DropBatch, names: any DropNames) throws(WriteError) {}
}
