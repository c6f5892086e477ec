// Compiles BPF programs with the toolchain's own clang and writes them as one Swift file.
// Used by the build plugin: EmbedBPF CLANG OBJCOPY OUTPUT.swift INCLUDE… -- SOURCE.bpf.c…
internal import Foundation

func run(_ tool: String, _ arguments: [String]) throws {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: tool)
  process.arguments = arguments
  try process.run()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else {
    FileHandle.standardError.write(
      Data("error: \(tool) \(arguments.joined(separator: " ")) failed\n".utf8))
    exit(1)
  }
}

let arguments = Array(CommandLine.arguments.dropFirst())
guard let split = arguments.firstIndex(of: "--"), split >= 3, split + 1 < arguments.count else {
  FileHandle.standardError.write(
    Data("usage: EmbedBPF CLANG OBJCOPY OUTPUT INCLUDE… -- SOURCE…\n".utf8))
  exit(64)
}
let (clang, objcopy, output) = (arguments[0], arguments[1], arguments[2])
let includes = arguments[3..<split].map { "-I\($0)" }

var text = "// Written by EmbedBPF from the BPF sources; not to be edited.\n"
for source in arguments[(split + 1)...] {
  let name = URL(fileURLWithPath: source).lastPathComponent
    .replacingOccurrences(of: ".bpf.c", with: "")
  let object = output + ".\(name).o"
  try run(
    clang,
    ["-target", "bpf", "-mcpu=v3", "-g", "-O2", "-Wall", "-Wextra", "-Werror"] + includes
      + ["-c", source, "-o", object])
  // Keeps BTF, drops DWARF: a fifth of the size.
  try run(objcopy, ["--strip-debug", object])
  let bytes = try Data(contentsOf: URL(fileURLWithPath: object))
  text += "\n/// The object compiled from \(name).bpf.c.\nlet \(name)Object: [UInt8] = [\n"
  for start in stride(from: 0, to: bytes.count, by: 64) {
    text += bytes[start..<min(start + 64, bytes.count)].map { "\($0)," }.joined() + "\n"
  }
  text += "]\n"
}
try Data(text.utf8).write(to: URL(fileURLWithPath: output), options: .atomic)
