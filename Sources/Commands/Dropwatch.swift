package import ArgumentParser

/// The command that everything hangs from.
package struct Dropwatch: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "dropwatch",
    abstract: "Find out where, why and whose packets this machine drops.",
    version: dropwatchVersion,
    subcommands: [Watch.self, Doctor.self, Schema.self])

  package init() {}
}
