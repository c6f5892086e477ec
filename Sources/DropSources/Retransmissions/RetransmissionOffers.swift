internal import CDropRecords
internal import DropModel
internal import KernelNames

/// What of the kernel's tracepoints the watching of retransmissions can use, by its own types.
struct RetransmissionOffers: Equatable {
  /// Arguments of skb:kfree_skb: 2, a reason from 5.17, a socket from 6.11.
  var dropArguments: Int
  /// Arguments of tcp:tcp_retransmit_skb: 2, with an error 3, from which on those are told as well
  /// that this machine drops on their way out.
  var retransmissionArguments: Int
  /// Whether tcp:tcp_retransmit_synack is there.
  var hasHandshakes: Bool
  /// The numbers of the reasons for which a receiver refuses what has arrived.
  var receiverReasons: [UInt32]

  /// Such reasons: the receiver has the data already, or no room for it.
  static let receiverReasonNames = [
    "TCP_OLD_DATA", "TCP_OLD_SEQUENCE", "TCP_OFOMERGE", "TCP_ZEROWINDOW", "TCP_OVERWINDOW",
  ]

  init(
    dropArguments: Int, retransmissionArguments: Int, hasHandshakes: Bool,
    receiverReasons: [UInt32]
  ) {
    self.dropArguments = dropArguments
    self.retransmissionArguments = retransmissionArguments
    self.hasHandshakes = hasHandshakes
    self.receiverReasons = receiverReasons
  }

  /// Asks the types; throws if retransmissions cannot be watched.
  init(_ types: BTF) throws(SourceError) {
    dropArguments = try KernelOffers(types).argumentCount
    let count: Int?
    do throws(BTFError) {
      count = try types.parameterCount(ofTypedef: "btf_trace_tcp_retransmit_skb").map { $0 - 1 }
      hasHandshakes =
        try types.parameterCount(ofTypedef: "btf_trace_tcp_retransmit_synack") != nil
      let reasons = try types.enumeration(named: "skb_drop_reason")?.constants ?? []
      let prefix = "SKB_DROP_REASON_"
      let wanted = Set(Self.receiverReasonNames.map { prefix + $0 })
      receiverReasons = reasons.filter { wanted.contains($0.name) }
        .compactMap { UInt32(exactly: $0.value) }
    } catch {
      throw .failed("cannot read the kernel's BTF: \(error)")
    }
    guard let count, count >= 2 else {
      throw .unsupported(
        "this kernel has no tracepoint tcp:tcp_retransmit_skb to watch. It takes CONFIG_TRACEPOINTS, CONFIG_INET and Linux 4.15"
      )
    }
    retransmissionArguments = count
  }

  /// What cannot be seen on this kernel.
  var blindSpots: [String] {
    var spots = [
      "drops before the start, which the first retransmissions may follow from",
      "drops of packets whose addresses are translated between socket and drop (NAT, tunnels)",
    ]
    if retransmissionArguments < 3 {
      spots.append(
        "retransmissions that this machine drops at once on their way out (TcpExtTCPRetransFail counts them)"
      )
    }
    if !hasHandshakes { spots.append("retransmitted SYN-ACKs: no tcp:tcp_retransmit_synack") }
    if dropArguments < 3 {
      spots.append(
        "reasons: this kernel has none (5.17), so that what a receiver refuses counts as dropped")
    }
    return spots
  }
}
