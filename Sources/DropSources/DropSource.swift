package import DropModel

/// Where drops come from: the live kernel by one of its interfaces, or a recording.
///
/// A source speaks in numbers; it neither names nor formats. It is used by one thread.
package protocol DropSource: AnyObject {
  /// What it is and what it cannot see.
  var description: SourceDescription { get }

  /// Becomes readable when packets wait to be read; nil if that never happens.
  var wakeDescriptor: Int32? { get }

  /// Adds what came since the last reading to `batch`, and sets its account.
  func read(into batch: inout DropBatch) throws(SourceError)

  /// Hands over the packets that wait, leaving the tallies to the next reading.
  func readPackets(into batch: inout DropBatch) throws(SourceError)

  /// Detaches, waits until the kernel has finished with the last drop, and reads what remains.
  ///
  /// From then on the account is final. A second call adds nothing.
  func stop(into batch: inout DropBatch) throws(SourceError)
}
