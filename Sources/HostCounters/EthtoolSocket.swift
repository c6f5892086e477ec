internal import CLinux
internal import Glibc
internal import Netlink

/// Asks devices' drivers: ioctl(2) SIOCETHTOOL, netdevice(7).
final class EthtoolSocket {
  /// Opened when it is first needed, in the namespace that the thread is in then.
  private var descriptor: Int32 = -1

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Sends a request and returns what stands in its place; nil if the driver cannot, or the device has
  /// gone.
  func ask(_ device: String, _ request: [UInt8]) throws(NetlinkError) -> [UInt8]? {
    let operation = "ask the driver of \(device)"
    if descriptor < 0 { descriptor = clinux_ioctl_socket() }
    guard descriptor >= 0 else { throw .system(operation: operation, code: errno) }
    var bytes = request
    // Safe: the kernel writes no more than the request, with the room it brings, says it may.
    if unsafe clinux_ethtool(descriptor, device, &bytes) == 0 { return bytes }
    switch errno {
    case EOPNOTSUPP, ENODEV, EINVAL, EPERM: return nil
    default: throw .system(operation: operation, code: errno)
    }
  }
}
