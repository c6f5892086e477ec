package import ArgumentParser
internal import Glibc
internal import Runtime

/// The command that everything hangs from.
package struct Dropwatch: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "dropwatch",
    abstract: "Find out where, why and whose packets this machine drops.",
    discussion: """
      Without a subcommand: on a terminal the classic prompt, elsewhere the same as "watch". \
      With -l kas the prompt also reads its commands (start, stop, set ..., exit) from a pipe: \
      type help in it for all of them. Sites are named in either case.

      EXAMPLES
        sudo dropwatch watch                 where and why, until Ctrl-C
        sudo dropwatch watch --by reason     what goes wrong, in a few lines
        sudo dropwatch watch 'udp port 53'   only these packets
        sudo dropwatch packets               each of them: why, from whom to whom, whose
        sudo dropwatch retransmissions       what TCP sends again, and whether it was dropped here
        sudo dropwatch diagnose              what is wrong, why, and what to do
        sudo dropwatch check --max NO_SOCKET=0 -- make test    fails if that was dropped
        sudo dropwatch record drops.db       into a file; dropwatch report drops.db reads it
        sudo dropwatch counters              which of the machine's own counters of loss move
        sudo dropwatch watch --json          for scripts
        sudo dropwatch doctor                what this machine offers and denies
        sudo dropwatch -l kas                the prompt: start, Ctrl-C, exit
        sudo dropwatch -l kas --source netdm the same by the kernel's own drop monitor
      """,
    version: dropwatchVersion,
    subcommands: [
      Watch.self, PacketsCommand.self, Diagnose.self, CheckCommand.self, Explain.self,
      Counters.self, Retransmissions.self, Record.self, RecordingReport.self, Diff.self,
      Convert.self, Doctor.self, Schema.self,
    ])

  @Option(
    name: [.customShort("l"), .long],
    help: ArgumentHelp(
      "Start the classic prompt, which names sites by kas (/proc/kallsyms); list lists methods.",
      valueName: "method"))
  var lmethod: LookupMethod?

  @OptionGroup(title: "Source") var sourceOptions: SourceOptions

  package init() {}

  package func run() throws {
    switch lmethod {
    case .list:
      print("Available lookup methods:")
      for method in LookupMethod.methods { print(method.line) }
    case .kas:
      try prompt(announcing: true)
    case nil where isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1:
      try prompt(announcing: false)
    case nil:
      try Watch.parse(sourceOptions.arguments).run()
    }
  }

  private func prompt(announcing isAnnouncing: Bool) throws {
    try reporting {
      var prompt = Prompt(source: sourceOptions.request)
      try prompt.run(announcing: isAnnouncing)
    }
  }
}
