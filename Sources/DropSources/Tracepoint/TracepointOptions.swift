package import Filters

/// What the tracepoint is asked for; fixed when it attaches.
package struct TracepointOptions: Equatable, Sendable {
  /// Whether each drop is handed over besides being counted, as a packet without bytes.
  package var handsOver = false
  /// Watch this reason only, as the kernel numbers it; the kernel itself leaves out the rest.
  package var reason: UInt32?
  /// Which drops are counted and handed over, by reason and site; the others count as filtered.
  package var filter = DropFilter()
  /// Bytes of the ring of each CPU, a power of two of pages; smaller where the kernel grants less.
  package var ringBytes = 1 << 20

  package init() {}
}
