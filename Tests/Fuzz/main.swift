// dropwatch-fuzz CORPUS… -FLAGS as libFuzzer has them, or dropwatch-fuzz --write-corpus FOLDER. With
// FUZZ_PARSERS="packets filters" in the environment it knows only those.
internal import Bytes
internal import CLibFuzzer
internal import Glibc

if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "--write-corpus" {
  for (number, seed) in Seed.all.enumerated() where Parser.chosen.contains(seed.parser) {
    seed.write(to: "\(CommandLine.arguments[2])/\(seed.parser)-\(number)")
  }
} else {
  var count = CommandLine.argc
  var arguments = unsafe CommandLine.unsafeArgv as UnsafeMutablePointer<_>?
  exit(unsafe LLVMFuzzerRunDriver(&count, &arguments, test))
}

/// Tries one input: its first byte says which parser it is for.
@c(LLVMFuzzerTestOneInput)
func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
  // Longer ones find nothing more, and an attribute must have room when it is written again.
  guard let first = input.first, count <= 1 << 14 else { return 0 }
  let parser = Parser.allCases[Int(first) % Parser.allCases.count]
  // Others are turned down, so that the fuzzer does not keep them.
  guard Parser.chosen.contains(parser) else { return -1 }
  parser.read(Array(input.dropFirst()))
  return 0
}

/// Ends the program, which the fuzzer takes for a crash, if what must be true is not.
func expect(_ isTrue: Bool, _ sentence: StaticString) {
  if !isTrue { end("not true: \(sentence)") }
}

/// Ends the program as a crash, with a sentence.
func end(_ sentence: String) -> Never {
  let text = Array("\(sentence)\n".utf8)
  _ = unsafe write(STDERR_FILENO, text, text.count)
  abort()
}
