import Testing

@testable import Diagnosis

struct KnowledgeTests {
  @Test(arguments: Knowledge.embedded.names)
  func `every entry can be read`(name: String) throws {
    let isRead =
      try Knowledge.embedded.entry(name) != nil || Knowledge.embedded.counter(name) != nil
    #expect(isRead)
  }

  @Test func `no name stands twice`() {
    #expect(Knowledge.embedded.doubles == [])
  }

  @Test func `severity is told without parsing, as the entry has it`() throws {
    for name in Knowledge.embedded.names {
      let entry = try Knowledge.embedded.entry(name)
      #expect(Knowledge.embedded.severity(name) == entry?.severity)
    }
  }

  static let good = """
    # A file
    A/B:
      what: It happened.
      station: socket
      kernels: "6.1-6.13"
      severity: harmful
      rules:
        - {if: {device: loopback, rate_below: 0.5}, then: benign, because: "Nobody cares: it is so."}
      causes: [One., Two.]
      counters:
        - netstat.UdpInErrors
        - {name: link.rx_dropped, if: {site: [f, g]}, unit: segments}
      evidence: [socket, "sysctl net.ipv4.conf.{device}.rp_filter"]
      checks: [{run: ss -u, shows: All.}]
      fixes: [{do: This., run: that, risk: none}]
      where: [{function: f, file: net/f.c, kernels: "6.2-"}]

    next:
      what: x
    """

  @Test func `an entry has all that is written`() throws {
    let knowledge = Knowledge(texts: [("udp", Self.good)])
    #expect(knowledge.names == ["A/B", "next"])
    let entry = try #require(try knowledge.entry("A/B"))
    #expect(entry.layer == "udp" && entry.station == .socket && entry.severity == .harmful)
    #expect(entry.kernels?.description == "6.1-6.13")
    #expect(entry.rules.first?.condition.devices == [.loopback])
    #expect(entry.rules.first?.condition.rateBelow == 0.5)
    #expect(entry.causes == ["One.", "Two."])
    #expect(entry.counters.map(\.counter) == ["netstat.UdpInErrors", "link.rx_dropped"])
    #expect(entry.counters.last?.condition.sites == ["f", "g"])
    #expect(entry.counters.last?.unit == .segments)
    #expect(
      entry.evidence == [.subject(.socket), .sysctl("net.ipv4.conf.{device}.rp_filter")])
    #expect(entry.functions.first?.kernels?.contains(try #require(KernelRelease("6.18.3"))) == true)
  }

  @Test(arguments: [
    ("  station: socket", "  station: cellar", "station: cellar is none of nic, driver"),
    ("  station: socket", "  station: socket\n  colour: red", "colour is no key of this"),
    ("  station: socket", "  station: [socket]", "station is no text"),
    ("  what: It happened.\n", "", "what is missing"),
    ("device: loopback", "device: wire", "device: wire is none of loopback"),
    ("device: loopback, rate_below: 0.5", "speed: 5", "speed is no key of this"),
    ("rate_below: 0.5", "rate_below: few", "rate_below: few is no number"),
    ("{site: [f, g]}", "{flags: SYN}", "not every drop tells what its condition asks"),
    ("\"6.1-6.13\"", "\"6.13-6.1\"", "kernels: 6.13-6.1 is no range"),
    ("  fixes: [{do: This., run: that, risk: none}]\n", "", "fixes are missing"),
    ("[socket, ", "[luck, ", "evidence: luck is no live value"),
    ("causes: [One., Two.]", "causes: [One., ", "did not find expected"),
  ])
  func `what is wrong with an entry is told`(old: String, new: String, problem: String) throws {
    let text = Self.good.replacing(old, with: new)
    try #require(text != Self.good)
    let error = #expect(throws: KnowledgeError.self) {
      try Knowledge(texts: [("udp", text)]).entry("A/B")
    }
    #expect(error?.description.hasPrefix("udp.yaml: A/B: ") == true)
    #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
  }
}
