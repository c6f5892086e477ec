import Foundation
import PackagePlugin

/// Compiles every `*.bpf.c` below a target into one Swift file of byte arrays.
///
/// The outputs are declared as Swift only: an object file among them would turn into a resource
/// bundle. See docs/decisions/0002-bpf-in-swift.md.
@main
struct CompileBPF: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let files = try FileManager.default.subpathsOfDirectory(atPath: target.directoryURL.path)
      .map { target.directoryURL.appending(path: $0) }
    let sources = files.filter { $0.lastPathComponent.hasSuffix(".bpf.c") }
      .sorted { $0.path < $1.path }
    let headers = files.filter { $0.pathExtension == "h" }
    let records = context.package.directoryURL.appending(path: "Sources/CDropRecords")
    let output = context.pluginWorkDirectoryURL.appending(path: "BPFObjects.swift")
    var folders: [String] = [records.path]
    for folder in (sources + headers).map({ $0.deletingLastPathComponent().path })
    where !folders.contains(folder) { folders.append(folder) }
    return [
      .buildCommand(
        displayName: "Compiling BPF programs",
        executable: try context.tool(named: "EmbedBPF").url,
        arguments: [
          try context.tool(named: "clang").url.path,
          try context.tool(named: "llvm-objcopy").url.path, output.path,
        ] + folders + ["--"] + sources.map(\.path),
        inputFiles: sources + headers
          + ["drop_records.h", "retransmission_records.h"].map { records.appending(path: $0) },
        outputFiles: [output])
    ]
  }
}
