import Diagnosis
import Testing

struct CommandTemplateTests {
  private func filled(_ template: String, device: String) -> String {
    CommandTemplate(template).filled([.device: device, .dport: "53"]) { name in
      ["net.core.rmem_max": "212992", "net.ipv4.tcp_rmem": "4096 131072 6291456"][name]
    }
  }

  @Test func `names, settings and multiples of them are filled in`() {
    #expect(filled("ip link set {device} up", device: "eth0.100") == "ip link set eth0.100 up")
    #expect(filled("ss 'sport = :{dport}'", device: "eth0") == "ss 'sport = :53'")
    #expect(filled("x={net.core.rmem_max*4}", device: "eth0") == "x=851968")
    #expect(filled("x='{net.ipv4.tcp_rmem*2}'", device: "eth0") == "x='8192 262144 12582912'")
    #expect(filled("{handle} {net.no.such}", device: "eth0") == "{handle} {net.no.such}")
  }

  @Test(arguments: [
    "$(reboot)", "a;reboot", "`id`", "a'b", "a b", "-h", "a|b", "a>b", "{dport}", "",
  ])
  func `what a shell would not take for a name is never filled in`(device: String) {
    let command = filled("ip link set {device} up", device: device)
    #expect(command == "ip link set {device} up")
  }
}
