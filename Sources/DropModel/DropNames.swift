/// Who turns a source's numbers into names: the running kernel's resolver, or a recording.
///
/// Used by one thread.
package protocol DropNames: AnyObject {
  /// What could not be named and what to do about it, a sentence each; grows as names are asked for.
  var notes: [String] { get }

  /// Takes over the names that a source told.
  func learn(_ batch: DropBatch)

  /// Makes sure that what may have changed is looked at again: names given before may be old.
  func refresh()

  /// Names a key.
  func drop(for key: DropKey) -> Drop

  /// Names where a key's drops happened: an address in the kernel, or a trap of the hardware's.
  func site(of key: DropKey) -> DropSite?

  /// Names a code address, as in a stack.
  func site(at address: UInt64) -> DropSite

  /// Names a reason; nil on a kernel that gives none.
  func reason(_ number: UInt32) -> DropReason?

  /// Whose socket it is.
  func owner(of socket: SocketOwner) -> Owner

  /// Who listens on a local port of a namespace, for a packet that reached no socket; nil if nobody
  /// does.
  func listener(
    transport: UInt8, port: UInt16, address: IPAddress, namespace: UInt32
  ) -> Owner?
}

extension DropNames {
  package func listener(
    transport: UInt8, port: UInt16, address: IPAddress, namespace: UInt32
  ) -> Owner? { nil }
}
