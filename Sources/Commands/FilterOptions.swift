internal import ArgumentParser
internal import Filters

/// Which drops are asked for: the options of every command that watches drops, beside the expression.
struct FilterOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only drops for this reason: NO_SOCKET, qdisc/OVERLIMIT, hardware/blackhole_route (a trap).",
      valueName: "name"))
  var reason: [String] = []

  @Option(help: ArgumentHelp("Any reason but this.", valueName: "name"))
  var notReason: [String] = []

  @Option(
    help: ArgumentHelp(
      "Only in this function of the kernel: tcp_v4_rcv, tcp_v4_rcv+0x9e.", valueName: "function"))
  var site: [String] = []

  @Option(
    help: ArgumentHelp(
      "Only on devices of this name, in whichever namespace, or of this index.",
      valueName: "device"))
  var device: [String] = []

  @Option(
    help: ArgumentHelp(
      "Only in this network namespace: a name of ip netns, init, pid:812, a path, an inode.",
      valueName: "netns"))
  var netns: [String] = []

  @Option(
    help: ArgumentHelp(
      "Only of sockets made in this control group or below it: /system.slice/nginx.service.",
      valueName: "path"))
  var cgroup: [String] = []

  @Option(
    help: ArgumentHelp(
      "Only of sockets of this container: the beginning of its id, or its name for LXC and nspawn.",
      valueName: "id"))
  var container: [String] = []

  @Option(help: ArgumentHelp("Only of sockets that this user made.", valueName: "user"))
  var uid: [String] = []

  /// All of it with an expression, as the user wrote it.
  func request(_ expression: ExpressionArgument) -> FilterRequest {
    var request = FilterRequest()
    request.expression = expression.text
    request.reasons = reason
    request.unwantedReasons = notReason
    request.sites = site
    request.devices = device
    request.namespaces = netns
    request.controlGroups = cgroup
    request.containers = container
    request.users = uid
    return request
  }
}
