import Testing

@testable import Commands

struct PromptCommandTests {
  @Test(arguments: [
    ("start", PromptCommand.start), ("stop", .stop), ("exit", .exit), ("quit", .exit),
    ("help", .help), ("show", .show), ("stats", .stats), ("  start \t", .start), ("stop\r", .stop),
    ("set alertlimit 3", .set(.alertLimit(3))),
    ("set alertlimit 18446744073709551615", .set(.alertLimit(.max))),
    ("set alertmode packet", .set(.alertMode(.packet))),
    ("set  alertmode   summary", .set(.alertMode(.summary))),
    ("set trunc 0", .set(.truncation(0))),
    ("set queue 4194304", .set(.queue(4_194_304))),
    ("set sw true", .set(.software(true))), ("set hw 1", .set(.hardware(true))),
    ("set sw 0", .set(.software(false))),
  ])
  func `a line is a command`(line: String, command: PromptCommand) throws {
    #expect(try PromptCommand(line: line) == command)
  }

  @Test(arguments: ["", " ", "\t \r"])
  func `an empty line is nothing`(line: String) throws {
    #expect(try PromptCommand(line: line) == nil)
  }

  @Test(arguments: [
    ("strat", #"unknown command "strat": type help for the commands"#),
    ("START", #"unknown command "START": type help for the commands"#),
    ("start now", #""start" does not take "now""#),
    ("set", #""set" takes one of alertlimit, alertmode, trunc, queue, sw, hw, and a value"#),
    (
      "set foo 1",
      #"unknown setting "foo": it is one of alertlimit, alertmode, trunc, queue, sw, hw"#
    ),
    ("set sw", #""set sw" takes true or false"#),
    ("set sw maybe", #""set sw" takes true or false, not "maybe""#),
    ("set hw true false", #""set hw true" does not take "false""#),
    ("set alertmode loud", #""set alertmode" takes summary or packet, not "loud""#),
    ("set alertlimit -1", #""set alertlimit" takes a number of alerts, 0 for no limit, not "-1""#),
    ("set trunc +5", #""set trunc" takes a number of bytes, 0 for whole packets, not "+5""#),
    (
      "set trunc 4294967296",
      #""set trunc" takes a number of bytes, 0 for whole packets, not "4294967296""#
    ),
    ("set queue 0", #""set queue" takes a number of packets from 1 to 4194304, not "0""#),
    (
      "set queue 4194305",
      #""set queue" takes a number of packets from 1 to 4194304, not "4194305""#
    ),
  ])
  func `what is no command gets one sentence`(line: String, sentence: String) {
    let error = #expect(throws: PromptCommandError.self) { try PromptCommand(line: line) }
    #expect(error?.description == sentence)
  }

  @Test(arguments: [
    ("", "start stop exit quit help show stats set"), ("st", "start stop stats"), ("x", ""),
    ("set ", "alertlimit alertmode trunc queue sw hw"), ("set al", "alertlimit alertmode"),
    ("set  alertmode p", "packet"), ("set sw ", "true false"), ("set trunc ", ""),
    ("set sw true ", ""), ("start ", ""),
  ])
  func `Tab offers the words that can follow`(line: String, words: String) {
    #expect(PromptCommand.completions(of: line).joined(separator: " ") == words)
  }

  @Test func `Tab inserts what all possible words have in common`() {
    #expect(WordCompletion(of: "set al", words: ["alertlimit", "alertmode"]).insertion == "ert")
    #expect(WordCompletion(of: "set alertl", words: ["alertlimit"]).insertion == "imit ")
    #expect(WordCompletion(of: "st", words: ["start", "stop", "stats"]).insertion.isEmpty)
    #expect(WordCompletion(of: "x", words: []) == WordCompletion(of: "", words: []))
  }
}
