import DropLab
import Glibc

let usage = """
  usage: droplab list                             every case, with what it must cause
         droplab run NAME…|all [--repeat N]       provoke, and compare with tracefs
               [--step]                          wait for a line before each provocation
         droplab flood N                          how fast the generators are
         droplab pace RATE SECONDS                so many drops a second: bad UDP checksums

  """

do {
  switch CommandLine.arguments.dropFirst().first {
  case "list": printList()
  case "run": exit(try run(Array(CommandLine.arguments.dropFirst(2))) ? 0 : 1)
  case "flood": exit(try flood(Array(CommandLine.arguments.dropFirst(2))) ? 0 : 1)
  case "pace": exit(try pace(Array(CommandLine.arguments.dropFirst(2))) ? 0 : 1)
  default:
    printError(usage)
    exit(64)
  }
} catch {
  printError("droplab: \(error)\n")
  exit(2)
}
