internal import CDropRecords
package import Filters

/// What the eBPF source is asked for; fixed when it attaches.
package struct EBPFOptions: Equatable, Sendable {
  /// Which packets are handed over besides being counted.
  package enum Packets: Equatable, Sendable {
    /// None: counting only, the cheapest.
    case none
    /// So many of each key per second.
    case limited(perSecond: UInt32)
    /// Every one, as long as the ring has room.
    case all
  }

  /// How the program is attached.
  package enum Attachment: Equatable, Sendable {
    /// `tp_btf` where the kernel can, else `raw_tp`.
    case automatic
    /// Only with BTF's types: members are read by plain loads.
    case typed
    /// Only without: members are read by a helper call each, 2.5 times the cost.
    case raw
  }

  /// Whether drops in network hardware are watched: devlink traps.
  package enum Hardware: Equatable, Sendable {
    case off
    /// Where the kernel can report them.
    case whereOffered
    /// The same, and it is told where it cannot.
    case asked
  }

  /// Whether drops in the kernel are watched.
  package var software = true
  package var hardware = Hardware.whereOffered
  /// How many different keys can be counted; the drops of further ones count as overflowed.
  ///
  /// The kernel takes 48 bytes of each for every possible CPU, and the time to allocate them.
  package var keys: UInt32 = 4096
  package var packets = Packets.none
  /// How many bytes of a packet are handed over, at most 1,600.
  package var snapLength: UInt32 = 96
  /// Whether packets carry the kernel's stack; costs about 1.5 µs each.
  package var hasStack = false
  /// Bytes of the ring buffer, a power of two and whole pages.
  package var ringBytes: UInt32 = 4 << 20
  package var attachment = Attachment.automatic
  /// Which drops are counted and handed over; the others count as filtered.
  package var filter = DropFilter()

  package init() {}

  /// The constants of the programs that these options stand for.
  ///
  /// `expression` is that of the filter, as the kernel runs it.
  func settings(
    argumentCount: Int, programs: EBPFSource.Programs, expression: KernelProgram?
  ) -> drop_settings {
    let limit: UInt32 =
      switch packets {
      case .none: UInt32(DROP_PACKETS_OFF)
      case .limited(let perSecond): min(max(perSecond, 1), UInt32(DROP_PACKETS_ALL) - 1)
      case .all: UInt32(DROP_PACKETS_ALL)
      }
    return drop_settings(
      argument_count: UInt32(argumentCount), packet_limit: limit,
      snap_length: min(max(snapLength, 1), UInt32(DROP_SNAP_LONG)),
      with_stack: hasStack ? 1 : 0,
      // A reader that is woken for each record costs the dropping CPU five times the record.
      wake_bytes: ringBytes / 16, hardware: programs.software && programs.hardware ? 1 : 0,
      qdisc_reason: programs.qdiscReason,
      // The made-up link header is written whole, however little is looked at.
      filter_bytes: expression.map { UInt32(max($0.reach, Int(DROP_LINK_HEADER))) } ?? 0,
      filters: filter.bits, filter_sites: UInt32(filter.sites.count))
  }

  /// The ring's size for the kernel: the smallest it takes if no packet will use it.
  var ringCapacity: UInt32 { packets == .none ? 4096 : ringBytes }

  /// How many drops of hardware or of queueing disciplines can be told apart, if they are told at
  /// all: few beside the others, and each takes room for its names.
  func rareCapacity(_ isTold: Bool) -> UInt32 { isTold ? max(keys / 4, 1) : 1 }

  /// The number of keys whose budget is watched.
  var budgetCapacity: UInt32 {
    if case .limited = packets { keys } else { 1 }
  }
}
