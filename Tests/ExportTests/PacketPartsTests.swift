import Bytes
import DropModel
import Testing

@testable import Export

/// The parts that lines and objects of packets are made of.
struct PacketPartsTests {
  private func text(_ body: (inout TextBuffer) -> Void) -> String {
    var buffer = TextBuffer()
    body(&buffer)
    return buffer.text
  }

  @Test func `times are exact to the microsecond, whichever second comes next`() {
    var clock = PacketClock(.rfc3339)
    let offset = ClockOffset(nanoseconds: 1_700_000_000_000_000_000)
    let times: [UInt64] = [0, 1_999, 999_999_999, 1_000_000_000, 61_000_042_000, 5]
    let texts = times.map { time in
      text { clock.append(MonotonicTime(nanoseconds: time), offset, to: &$0) }
    }
    #expect(
      texts == [
        "2023-11-14T22:13:20.000000Z", "2023-11-14T22:13:20.000001Z", "2023-11-14T22:13:20.999999Z",
        "2023-11-14T22:13:21.000000Z", "2023-11-14T22:14:21.000042Z", "2023-11-14T22:13:20.000000Z",
      ])
    for (time, written) in zip(times, texts) {
      #expect(MonotonicTime(nanoseconds: time).wallTime(offset).rfc3339 == written)
    }
  }

  @Test func `what a key is called is asked for once, until names may have changed`() {
    var fragments = Fragments<Int>()
    var asked: [Int] = []
    func append(_ key: Int) -> String {
      text { buffer in
        buffer.append("<")
        fragments.append(key, to: &buffer) {
          asked.append(key)
          $0.append(String(repeating: "x", count: key))
        }
      }
    }
    #expect([1, 1, 3, 0, 1, 3].map(append) == ["<x", "<x", "<xxx", "<", "<x", "<xxx"])
    #expect(asked == [1, 3, 0])
    fragments.removeAll()
    #expect(append(3) == "<xxx")
    #expect(asked == [1, 3, 0, 3])
  }

  @Test(arguments: [
    (Owner(uid: 1000), "uid 1000"), (Owner(uid: 0, user: "root", cgroup: "/"), "root"),
    (
      Owner(
        uid: 33, user: "www", cgroup: "/system.slice/nginx.service", unit: "nginx.service",
        pid: 812,
        command: "nginx"), "nginx[812] nginx.service www"
    ),
    (
      Owner(
        uid: 0, user: "root", cgroup: "/docker/0123", unit: "x.scope",
        container: Container(id: "0123456789abcdef", runtime: "docker"), pid: 7, isInferred: true),
      "(listener ?[7] docker:0123456789ab root)"
    ), (Owner(uid: 7, cgroup: "/lab"), "/lab uid 7"),
  ])
  func `an owner is told in a few words`(owner: Owner, words: String) {
    #expect(text { $0.append(owner) } == words)
  }

  @Test func `fields that turn out to be none leave no comma`() {
    var json = JSONWriter()
    json.line { json in
      json.fields { _ in }
      json.field("a", 1)
      json.fields { _ in }
      json.fields { $0.append("\"b\":2") }
      json.fields { _ in }
      json.field("c", 3)
    }
    #expect(json.buffer.text == "{\"a\":1,\"b\":2,\"c\":3}\n")
  }
}
