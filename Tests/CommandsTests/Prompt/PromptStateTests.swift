import DropSources
import Testing

@testable import Commands

struct PromptStateTests {
  /// A state in which drops are being watched.
  private func monitoring(after settings: PromptCommand.Setting...) -> PromptState {
    var state = PromptState()
    for setting in settings { _ = state.handle(.command(.set(setting))) }
    _ = state.handle(.command(.start))
    _ = state.handle(.started)
    return state
  }

  @Test func `start attaches and tells when drops count`() {
    var state = PromptState()
    #expect(state.handle(.command(.start)) == [.say("Enabling monitoring..."), .attach])
    #expect(!state.isMonitoring)
    #expect(
      state.handle(.started) == [
        .say("Kernel monitoring activated."), .say("Issue Ctrl-C to stop monitoring"),
      ])
    #expect(state.isMonitoring)
  }

  @Test func `after a failed start nothing is on and another may be tried`() {
    var state = PromptState()
    _ = state.handle(.command(.start))
    #expect(state.handle(.failed).isEmpty)
    #expect(state.handle(.interrupt) == [.clearLine])
    #expect(state.handle(.command(.start)).last == .attach)
  }

  @Test(arguments: [PromptState.Event.interrupt, .command(.stop)])
  func `Ctrl-C and stop give the account and return to the prompt`(event: PromptState.Event) {
    var state = monitoring()
    #expect(state.handle(event) == [.say("Got a stop message"), .detach])
    #expect(!state.isMonitoring)
  }

  @Test func `Ctrl-C at the prompt only clears the line`() {
    var state = PromptState()
    #expect(state.handle(.interrupt) == [.clearLine])
    #expect(state == PromptState())
  }

  @Test(arguments: [PromptState.Event.terminate, .command(.exit)])
  func `the end gives the account first`(event: PromptState.Event) {
    var state = monitoring()
    #expect(
      state.handle(event)
        == [.say("Got a stop message"), .detach, .say("Shutting down ..."), .end])
    var idle = PromptState()
    #expect(idle.handle(event) == [.say("Shutting down ..."), .end])
  }

  @Test func `a pipe that has ended leaves the watching on, and ends the prompt`() {
    var state = monitoring()
    #expect(state.handle(.inputEnded(isTyped: false)).isEmpty)
    #expect(state.isMonitoring)
    #expect(state.handle(.interrupt) == [.say("Got a stop message"), .detach])
    #expect(
      state.handle(.inputEnded(isTyped: false))
        == [.say("Terminating dropwatch..."), .say("Shutting down ..."), .end])
  }

  @Test func `Ctrl-D while watching is exit`() {
    var state = monitoring()
    #expect(
      state.handle(.inputEnded(isTyped: true)) == [
        .say("Got a stop message"), .detach, .say("Terminating dropwatch..."),
        .say("Shutting down ..."), .end,
      ])
  }

  @Test func `the alert limit stops once`() {
    var state = monitoring(after: .alertLimit(3))
    #expect(
      state.handle(.limitReached)
        == [.say("Alert limit reached, deactivating!"), .say("Got a stop message"), .detach])
    #expect(state.handle(.limitReached).isEmpty)
  }

  @Test func `settings are refused while watching, and kept`() {
    var state = monitoring(after: .truncation(100))
    let actions = state.handle(.command(.set(.truncation(5))))
    #expect(actions == [.complain("monitoring is on: type stop before changing settings")])
    #expect(state.settings.truncation == 100)
  }

  @Test(arguments: [
    (PromptCommand.start, "monitoring is on already"),
    (.stop, "monitoring is not on: type start to begin"),
  ])
  func `what cannot be done now is answered`(command: PromptCommand, sentence: String) {
    var state = command == .start ? monitoring() : PromptState()
    #expect(state.handle(.command(command)) == [.complain(sentence)])
  }

  @Test(arguments: [(true, false), (true, true), (false, true)])
  func `what is watched is what is asked for`(software: Bool, hardware: Bool) {
    var state = PromptState()
    #expect(
      state.handle(.command(.set(.hardware(hardware))))
        == [.say("setting hardware drops monitoring to \(hardware ? 1 : 0)")])
    _ = state.handle(.command(.set(.software(software))))
    #expect(state.handle(.command(.start)).last == .attach)
    let request = state.settings.request
    #expect(request.ebpf.software == software)
    #expect(request.ebpf.hardware == (hardware ? .asked : .off))
    #expect(state.settings.lines.last == "Hardware drops: \(hardware)")
  }

  @Test func `with both kinds of drops off there is nothing to start`() {
    var state = PromptState()
    _ = state.handle(.command(.set(.software(false))))
    guard case .fail = state.handle(.command(.start)).first else {
      Issue.record("it started")
      return
    }
  }

  @Test func `setting answers in the original's words`() {
    var state = PromptState()
    func answer(_ setting: PromptCommand.Setting) -> [PromptState.Action] {
      state.handle(.command(.set(setting)))
    }
    #expect(
      answer(.alertMode(.packet))
        == [.say("Setting alert mode"), .say("Alert mode successfully set")])
    #expect(
      answer(.truncation(60)) == [
        .say("Setting truncation length to 60"), .say("Truncation length successfully set"),
      ])
    #expect(
      answer(.queue(50))
        == [.say("Setting queue length to 50"), .say("Queue length successfully set")])
    #expect(answer(.alertLimit(7)) == [.say("setting alert capture limit to 7")])
    #expect(answer(.software(true)) == [.say("setting software drops monitoring to 1")])
    #expect(
      state.settings.lines.prefix(4) == [
        "Getting existing configuration", "Alert mode: Packet", "Truncation length: 60",
        "Queue length: 50",
      ])
  }

  @Test(arguments: [
    (UInt32(1), UInt32(4 << 20)), (1000, 4 << 20), (16384, 4 << 20), (16385, 8 << 20),
    (PromptSettings.largestQueue, 1 << 30),
  ])
  func `the ring has room for the queue and is a power of two`(queue: UInt32, bytes: UInt32) {
    var settings = PromptSettings()
    settings.apply(.queue(queue))
    #expect(settings.ringBytes == bytes)
  }
}
