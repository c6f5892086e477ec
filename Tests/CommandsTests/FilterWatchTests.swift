import Glibc
import Testing

/// `dropwatch watch` with filters, as a user meets them.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"))
struct FilterWatchTests {
  @Test func `the session names the filter, and the account what it left out`() throws {
    let port = try ClosedPort()
    let program = try Program(
      ["watch", "--json", "udp dst port 9", "and len = 142", "--not-reason", "IP_INHDR"])
    try program.wait(for: "\"blind\"")
    try port.drop(25)
    try port.drop(7, payload: 80)
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    #expect(
      program.output.contains(
        #""filter":"udp dst port 9 and len = 142; not-reason=IP_INHDR""#))
    #expect(program.output.contains(#""drops":25,"bytes":2700,"#))
    #expect(!program.output.contains(#""drops":7,"#))
    let account = try #require(
      program.output.split(separator: "\n").last { $0.contains(#""type":"loss""#) })
    #expect(account.contains(#""tallied":25,"#))
  }

  @Test func `text says it in a line of its own`() throws {
    let port = try ClosedPort()
    let program = try Program(["watch", "--interval", "1h", "--reason", "NO_SOCKET", "tcp"])
    try program.wait(for: "Filter: tcp; reason=NO_SOCKET\n")
    try port.drop(25)
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    let account = Transcript(program.output).account
    #expect((account["filtered"] ?? 0) >= 25)
    #expect(
      account["seen"]
        == (account["tallied"] ?? 0) + (account["filtered"] ?? 0) + (account["excluded"] ?? 0))
  }

  @Test(arguments: [
    (["udp", "prot", "53"], "cannot understand the filter 'udp prot 53': "),
    (
      ["--source", "ebpf", "ip6 protochain 17"],
      "the filter 'ip6 protochain 17' cannot run in the kernel: it loops, as 'protochain' does"
    ),
    (["--site", "no_such_function_here"], "there is no function 'no_such_function_here' here"),
    (["--netns", "nobody"], "there is no network namespace 'nobody' here"),
    (["--cgroup", "/no/such"], "there is no control group '/no/such' here"),
    (["--container", "0123456789ab"], "there is no container '0123456789ab' here"),
    (["--uid", "nobody-at-all"], "there is no user 'nobody-at-all' in /etc/passwd"),
    (
      ["--device", "a-name-that-is-too-long"],
      "cannot use --device a-name-that-is-too-long: a device's name has 1 to 15 bytes and no slash"
    ),
    (
      ["--source", "tracepoint", "udp"],
      "the tracepoint cannot filter by an expression, which it does not see. Use --source ebpf"
    ),
    (
      ["--source", "netdm", "--uid", "0", "--netns", "4026531840"],
      "netdm cannot filter by network namespace, user, which it does not see. Use --source ebpf"
    ),
  ])
  func `a filter that cannot be is one sentence and status 2`(
    arguments: [String], sentence: String
  ) throws {
    let program = try Program(["watch"] + arguments)
    #expect(try program.exitStatus() == 2)
    #expect(program.output.isEmpty)
    #expect(program.errors.hasPrefix("dropwatch: " + sentence), "\(program.errors)")
    #expect(program.errors.split(separator: "\n").count == 1)
  }
}
