import Foundation
import PackagePlugin

/// Writes the `*.yaml` of a target's folder `Knowledge` into one Swift file of strings.
@main
struct EmbedKnowledge: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let folder = target.directoryURL.appending(path: "Knowledge")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".yaml") }.sorted().map { folder.appending(path: $0) }
    let output = context.pluginWorkDirectoryURL.appending(path: "KnowledgeTexts.swift")
    return [
      .buildCommand(
        displayName: "Embedding knowledge", executable: try context.tool(named: "EmbedText").url,
        arguments: [output.path] + files.map(\.path), inputFiles: files, outputFiles: [output])
    ]
  }
}
