public import Bytes

/// Text that is the same for many packets, put together once for each key.
///
/// What is `@inlinable` is `public`, for the reason given at `ByteReader`.
public struct Fragments<Key: Hashable> {
  /// All texts, one behind the other.
  @usableFromInline
  var storage: [UInt8] = []
  @usableFromInline
  var places: [Key: Range<Int>] = [:]
  @usableFromInline
  var last: (key: Key, place: Range<Int>)?

  @inlinable
  public init() {}

  /// Forgets them all: what they name may be called something else by now.
  @inlinable
  public mutating func removeAll() {
    storage.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
    last = nil
  }

  /// Appends the text of a key; if it is not there yet, `make` appends it.
  @inlinable
  public mutating func append(
    _ key: Key, to buffer: inout TextBuffer, make: (inout TextBuffer) -> Void
  ) {
    // Packets of a kind come one after the other.
    if let last, last.key == key {
      buffer.append(storage.span.extracting(last.place))
      return
    }
    if let place = places[key] {
      buffer.append(storage.span.extracting(place))
      last = (key, place)
      return
    }
    // Keys are bounded where they are counted, sockets are not.
    if places.count >= 65_536 { removeAll() }
    let start = buffer.count
    make(&buffer)
    let place = storage.count..<storage.count + buffer.count - start
    storage.append(contentsOf: buffer.span.extracting(start..<buffer.count).raw)
    places[key] = place
    last = (key, place)
  }
}
