internal import DropModel
internal import KernelNames

extension Resolver {
  /// Takes over the names that came with retransmissions.
  func learn(_ batch: RetransmissionBatch) {
    var names = DropBatch()
    names.devices = batch.devices
    learn(names)
  }

  /// What was dropped here before a retransmission, if anything was, and where it was sent to.
  func names(of retransmission: Retransmission) -> (cause: Drop?, route: Drop) {
    (
      retransmission.cause.map { drop(for: $0.key) }?
        .keeping([.reason, .site, .device, .netns]),
      drop(for: retransmission.route).keeping([.device, .netns])
    )
  }
}
