internal import BPF
internal import CDropRecords
internal import CLinux
package import DropModel
internal import Glibc
package import KernelNames

/// The first choice of a source: a BPF program on the tracepoint skb:kfree_skb.
///
/// It counts in the kernel, so counts stay exact at millions of drops per second, and hands
/// packets over only as far as asked. What it leaves behind is nothing: programs and maps die with
/// this object's descriptors, also after a kill -9.
package final class EBPFSource: DropSource {
  package let description: SourceDescription
  package let wakeDescriptor: Int32?

  // The link is declared before the object: it must go first.
  private var link: BPFLink?
  private let ring: RingBuffer?
  private let object: BPFObject
  private let program: Program
  private let tallies: BPFMap
  let accounts: BPFMap
  let devices: BPFMap
  private let ownSockets: BPFMap
  private var reader = TallyReader()

  /// Loads and attaches; drops are counted from then on.
  ///
  /// Costs 20 to 50 ms, most of it libbpf reading the kernel's BTF. `types` are the same BTF as
  /// we read it. Throws where the tracepoint or a privilege is missing.
  package init(options: EBPFOptions = EBPFOptions(), types: BTF) throws(SourceError) {
    let argumentCount = try Self.argumentCount(types)
    let loaded = try Self.load(options, argumentCount: argumentCount)
    program = loaded.program
    object = loaded.object
    do throws(BPFError) {
      tallies = try object.map("tallies")
      accounts = try object.map("accounts")
      devices = try object.map("devices")
      ownSockets = try object.map("own_sockets")
      if options.packets == .none {
        ring = nil
        wakeDescriptor = nil
      } else {
        let opened = try RingBuffer(map: object.map("packets"))
        wakeDescriptor = opened.descriptor
        ring = consume opened
      }
      link = try object.attach(program: program.name)
    } catch {
      throw SourceError(error)
    }
    description = SourceDescription(
      name: "ebpf", mechanism: program.isTyped ? "tp_btf" : "raw_tp",
      blindSpots: Self.blindSpots(argumentCount: argumentCount))
  }

  /// Excludes the drops of a socket of our own from now on; they are counted as excluded.
  package func exclude(socket descriptor: Int32) throws(SourceError) {
    var cookie: UInt64 = 0
    guard unsafe clinux_socket_cookie(descriptor, &cookie) == 0 else {
      throw .failed("cannot exclude the descriptor \(descriptor): it is not a socket")
    }
    do throws(BPFError) {
      try ownSockets.set(UInt8(1), for: cookie)
    } catch {
      throw SourceError(error)
    }
  }

  package func read(into batch: inout DropBatch) throws(SourceError) {
    try readPackets(into: &batch)
    do throws(BPFError) {
      let account = try readAccount()
      let newKeys = try reader.read(tallies, into: &batch)
      try nameDevices(of: newKeys, in: &batch)
      let missed = try object.recursionMisses(ofProgram: program.name)
      batch.loss = account.loss(tallied: reader.tallied, missed: missed, isFinal: link == nil)
    } catch {
      throw SourceError(error)
    }
  }

  package func readPackets(into batch: inout DropBatch) throws(SourceError) {
    do throws(BPFError) {
      try unsafe ring?.consume { unsafe batch.packets.append(record: $0) }
    } catch {
      throw SourceError(error)
    }
  }

  package func stop(into batch: inout DropBatch) throws(SourceError) {
    link = nil
    // A drop that was being counted while we detached ends within a grace period. Where the kernel
    // refuses to wait for one (with nohz_full), no program runs that long either.
    if clinux_membarrier_global() != 0 { usleep(50_000) }
    try read(into: &batch)
  }
}
