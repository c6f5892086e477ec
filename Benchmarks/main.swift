// Measures what dropwatch costs beside bpftrace and perf, here and now: make bench.
internal import DropLab
internal import Glibc
internal import KernelNames

let usage = """
  usage: dropwatch-bench [--quick] PATH-OF-DROPWATCH [SECTION…]
         sections: cost start memory kallsyms decode speed capture record; without one, all but record

  """

/// Runs the sections that were asked for, each shown as soon as it is done.
func bench(_ program: String, sections: Set<String>, isQuick: Bool) throws {
  try Surroundings.show()
  let types = try BTF(try KernelFile.bytes(of: "/sys/kernel/btf/vmlinux"))
  if sections.contains("cost") {
    var cost = try CostPerDrop(types: types)
    try cost.run(rounds: isQuick ? 1 : 8)
    for results in cost.results() { try results.show() }
  }
  if sections.contains("start") {
    var starting = try Starting(program: program)
    try starting.run(rounds: isQuick ? 3 : 15)
    try starting.results().show()
  }
  if sections.contains("memory") {
    var memory = Memory(program: program)
    try memory.run(rounds: isQuick ? 1 : 3)
    try memory.results().show()
  }
  if sections.contains("kallsyms") {
    var symbols = Symbols()
    try symbols.run(rounds: isQuick ? 5 : 25)
    try symbols.results().show()
  }
  if sections.contains("decode") {
    var decoding = Decoding()
    decoding.run(rounds: isQuick ? 5 : 25)
    try decoding.results().show()
  }
  if sections.contains("capture") {
    var capturing = Capturing(program: program)
    try capturing.run(seconds: isQuick ? 1 : 3)
    try capturing.results().show()
  }
  if sections.contains("record") {
    var recording = LongRecording(program: program)
    try recording.run(seconds: isQuick ? 5 : 600)
    try recording.results().show()
  }
  if sections.contains("speed") {
    var speed = FullSpeed(types: types)
    try speed.run(drops: isQuick ? 1_000_000 : 5_000_000)
    try speed.results().show()
  }
}

/// Writes to standard error, where everything goes that is not a result.
func printError(_ text: String) {
  let bytes = [UInt8](text.utf8)
  unsafe _ = write(STDERR_FILENO, bytes, bytes.count)
}

var arguments = CommandLine.arguments.dropFirst()
let isQuick = arguments.contains("--quick")
arguments = arguments.filter { $0 != "--quick" }[...]
let all: Set = ["cost", "start", "memory", "kallsyms", "decode", "speed", "capture", "record"]
guard let program = arguments.popFirst(), Set(arguments).isSubset(of: all) else {
  printError(usage)
  exit(64)
}
do {
  try bench(
    program, sections: arguments.isEmpty ? all.subtracting(["record"]) : Set(arguments),
    isQuick: isQuick)
} catch {
  printError("dropwatch-bench: \(error)\n")
  exit(1)
}
