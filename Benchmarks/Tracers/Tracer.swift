/// Something that watches drops while it is attached.
protocol Tracer: AnyObject {
  /// What it is called in the results.
  var name: String { get }

  /// Returns once every drop from then on is watched.
  func attach() throws

  /// Ends the watching; returns how many drops it saw since it was attached, nil if it does not
  /// tell. Other processes' drops are among them.
  func detach() throws -> UInt64?
}
