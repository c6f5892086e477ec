// Writes text files as one Swift file of strings. Used by the build plugin: EmbedText OUTPUT.swift FILE…
internal import Foundation

let arguments = Array(CommandLine.arguments.dropFirst())
guard let output = arguments.first else {
  FileHandle.standardError.write(Data("usage: EmbedText OUTPUT FILE…\n".utf8))
  exit(64)
}

var text = "// Written by EmbedText from text files; not to be edited.\n"
text +=
  "\n/// Each file by its name without extension.\nlet embeddedTexts: [(name: String, text: String)] = [\n"
for path in arguments.dropFirst() {
  let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
  let content = try String(contentsOfFile: path, encoding: .utf8)
  // Nothing is an escape in a literal with so many number signs.
  text += "  (\"\(name)\", ###\"\"\"\n\(content)\n\"\"\"###),\n"
}
text += "]\n"
try Data(text.utf8).write(to: URL(fileURLWithPath: output), options: .atomic)
