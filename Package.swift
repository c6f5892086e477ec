// swift-tools-version: 6.2
import PackageDescription

// `make static` sets this: libbpf and what it needs are then taken from their archives, so that the
// program runs where neither Swift nor libbpf is installed. See docs/decisions/0004-static-binary.md.
let isStatic = Context.environment["DROPWATCH_STATIC"] == "1"

/// The linker settings for a C library: its shared object, or its archive and those it needs.
func link(_ library: String, archives: [String]) -> [LinkerSetting] {
  isStatic ? archives.map { .linkedLibrary(":lib\($0).a") } : [.linkedLibrary(library)]
}

/// libdw, which reads debug information, and what it needs: always archives.
///
/// As a shared object it would be loaded at each start, with four more. It wants exactly the libelf it
/// was made with, which is therefore kept from libbpf, that goes on with its own. See
/// docs/decisions/0012-source-lines.md.
let debugInformation = ["dw", "elf", "z", "lzma", "bz2"]
let debugInformationSettings: [LinkerSetting] =
  // The linker takes each archive once: what needs it must stand before.
  (isStatic ? ["bpf"] + debugInformation : debugInformation).map { .linkedLibrary(":lib\($0).a") }
  + (isStatic
    ? []
    : debugInformation.map { .unsafeFlags(["-Xlinker", "--exclude-libs=lib\($0).a"]) })

// `make fuzz` sets this: all modules are then instrumented, and there is a fuzzer over their parsers.
let isFuzzed = Context.environment["DROPWATCH_FUZZ"] == "1"

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .strictMemorySafety(),
  // SE-0335, https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
  .enableUpcomingFeature("ExistentialAny"),
  // SE-0409, proposals/0409-access-level-on-imports.md
  .enableUpcomingFeature("InternalImportsByDefault"),
  // SE-0444, proposals/0444-member-import-visibility.md
  .enableUpcomingFeature("MemberImportVisibility"),
  // Lifetimes of ~Escapable readers over bytes that somebody else owns.
  .enableExperimentalFeature("Lifetimes"),
]

/// What makes libFuzzer see which code an input reaches, and the address sanitizer watch it.
let instrumented: [SwiftSetting] =
  isFuzzed ? [.unsafeFlags(["-sanitize=fuzzer,address", "-enable-testing"])] : []

/// A Swift module of this house.
func room(
  _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [],
  linker: [LinkerSetting] = [], plugins: [Target.PluginUsage] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict + instrumented,
    linkerSettings: linker, plugins: plugins)
}

/// The tests of a module.
func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [],
  plugins: [Target.PluginUsage] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict,
    plugins: plugins)
}

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")

let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "dropwatch",
  products: [
    .executable(name: "dropwatch", targets: ["dropwatch"]),
    .executable(name: "dwdump", targets: ["dwdump"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .target(name: "CLinux"),
    .systemLibrary(name: "CLibBPF"),
    .systemLibrary(name: "CLibDW"),
    .systemLibrary(name: "CLibEdit"),
    .systemLibrary(name: "CDropRecords"),
    // Always its archive: the shared object brings libdbus, libsystemd and a dozen more with it,
    // which take 3 ms to load. See docs/decisions/0009-filters-in-the-kernel.md.
    .target(name: "CLibPcap", linkerSettings: [.linkedLibrary(":libpcap.a")]),

    room("Bytes"),
    room("DropModel"),
    room("Packets", ["Bytes", "DropModel"]),
    room("KernelNames", ["Bytes", "CLinux", "DropModel", "Netlink"]),
    room("Netlink", ["Bytes", "CLinux"]),
    room("Programs", ["Bytes", "CLinux"]),
    room(
      "SourceLines", ["Bytes", "CLibDW", "CLinux", "DropModel", "Programs"],
      linker: debugInformationSettings),
    room("HostCounters", ["Bytes", "CLinux", "DropModel", "Netlink", "Packets"]),
    room("HostState", ["Bytes", "CLinux", "DropModel", "HostCounters", "Netlink", "Packets"]),
    room("Filters", ["Bytes", "CLibPcap", "KernelNames"]),
    room(
      "BPF", ["Bytes", "CLibBPF", "CLinux"],
      linker: link("bpf", archives: ["bpf"] + debugInformation)),
    room(
      "DropSources",
      [
        "BPF", "Bytes", "CDropRecords", "CLinux", "DropModel", "Filters", "KernelNames", "Netlink",
      ],
      exclude: ["EBPF/bpf", "Retransmissions/bpf"], plugins: ["CompileBPF"]),
    room(
      "Diagnosis", ["Bytes", "DropModel", "Packets", yams],
      plugins: ["EmbedKnowledge"]),
    room("Export", ["Bytes", "Diagnosis", "DropModel", "Packets"]),
    // Apart from Recording, so that what reads bytes from outside is fuzzed without a database.
    room("PacketChunks", ["Bytes", "DropModel"]),
    room(
      "Recording",
      [
        "Bytes", "Diagnosis", "DropModel", "DropSources", "Export", "PacketChunks", "Packets", grdb,
      ]
        + (isStatic ? ["CNoICUData"] : [])),
    room("Terminal", ["Bytes", "CLinux", "Diagnosis", "DropModel", "Export", "Packets"]),
    room("Runtime", [argumentParser, "Bytes", "CLinux", "DropModel"]),
    room(
      "Dwdump",
      [
        argumentParser, "Bytes", "CLinux", "DropModel", "DropSources", "Netlink", "Packets",
        "Runtime",
      ]),
    room(
      "Commands",
      [
        argumentParser, "Bytes", "CLibEdit", "CLinux", "Diagnosis", "DropModel", "DropSources",
        "Export", "Filters", "HostCounters", "HostState", "KernelNames", "Netlink", "Packets",
        "Programs", "Recording", "Runtime", "SourceLines", "Terminal",
      ],
      linker: link("edit", archives: ["edit", "tinfo", "bsd", "md"])),
    .executableTarget(
      name: "dropwatch", dependencies: [argumentParser, "Commands"], swiftSettings: strict),
    .executableTarget(
      name: "dwdump", dependencies: [argumentParser, "Dwdump"], swiftSettings: strict),

    .target(name: "CDropLab", path: "Tests/CDropLab"),
    .target(
      name: "DropLab", dependencies: ["CDropLab", "Netlink"], path: "Tests/DropLab",
      exclude: ["README.md"],
      swiftSettings: strict),
    .executableTarget(
      name: "droplab", dependencies: ["DropLab"], path: "Tests/DropLabCommand",
      swiftSettings: strict),
    tests("DropLabTests", ["DropLab"]),
    .target(
      name: "NetlinkLab", dependencies: ["Netlink"], path: "Tests/NetlinkLab",
      swiftSettings: strict),

    tests("DropModelTests", ["DropModel"]),
    tests(
      "DiagnosisTests", ["Bytes", "Diagnosis", "DropModel", "KernelNames", "Packets"],
      exclude: ["Knowledge/Reasons"]),
    tests("ExportTests", ["Bytes", "Diagnosis", "DropModel", "Export"]),
    tests(
      "RecordingTests",
      ["Bytes", "Diagnosis", "DropModel", "DropSources", "Export", "PacketChunks", "Recording"]),
    tests("TerminalTests", ["Bytes", "Terminal"]),
    tests("BytesTests", ["Bytes"]),
    tests(
      "PacketsTests", ["Bytes", "DropLab", "DropModel", "DropSources", "KernelNames", "Packets"]),
    tests(
      "CommandsTests",
      [
        "Bytes", "Commands", "Diagnosis", "DropLab", "DropModel", "DropSources", "Dwdump", "Export",
        "Netlink", "NetlinkLab", "Packets", argumentParser,
      ]),
    tests(
      "DropSourcesTests",
      [
        "BPF", "Bytes", "CDropRecords", "CLibBPF", "DropLab", "DropModel", "DropSources",
        "FilterLab", "Filters", "KernelNames", "Netlink", "NetlinkLab",
      ], exclude: ["bpf"], plugins: ["CompileBPF"]),
    tests("ProgramsTests", ["Programs"]),
    tests("SourceLinesTests", ["Bytes", "DropModel", "SourceLines"]),
    tests(
      "HostCountersTests",
      ["Bytes", "DropLab", "DropModel", "HostCounters", "Netlink", "NetlinkLab"]),
    tests(
      "HostStateTests", ["Bytes", "DropLab", "DropModel", "HostState", "Netlink", "NetlinkLab"]),
    tests("NetlinkTests", ["Bytes", "Netlink", "NetlinkLab"]),
    tests("KernelNamesTests", ["Bytes", "DropLab", "DropModel", "KernelNames", "Netlink"]),
    .target(
      name: "FilterLab", dependencies: ["Filters"], path: "Tests/FilterLab", swiftSettings: strict),
    tests("FiltersTests", ["Bytes", "FilterLab", "Filters", "KernelNames", "NetlinkLab"]),

    // Not a package of its own: docs/decisions/0005-benchmarks.md.
    .executableTarget(
      name: "dropwatch-bench",
      dependencies: [
        "BPF", "Bytes", "CDropLab", "CLinux", "DropLab", "DropModel", "DropSources", "Filters",
        "KernelNames", "Packets", "Terminal",
      ],
      path: "Benchmarks", exclude: ["bpf"], swiftSettings: strict, plugins: ["CompileBPF"]),

    .executableTarget(name: "EmbedBPF", swiftSettings: strict),
    .executableTarget(name: "EmbedText", swiftSettings: strict),
    .plugin(name: "EmbedKnowledge", capability: .buildTool(), dependencies: ["EmbedText"]),
    .plugin(name: "CompileBPF", capability: .buildTool(), dependencies: ["EmbedBPF"]),
  ]
)

if isStatic { package.targets.append(.target(name: "CNoICUData")) }

if isFuzzed {
  package.targets += [
    .systemLibrary(name: "CLibFuzzer", path: "Tests/CLibFuzzer"),
    .executableTarget(
      name: "dropwatch-fuzz",
      dependencies: [
        "Bytes", "CLibFuzzer", "DropModel", "DropSources", "FilterLab", "Filters",
        "HostCounters", "HostState", "KernelNames", "Netlink", "NetlinkLab", "PacketChunks",
        "Packets",
      ],
      path: "Tests/Fuzz", swiftSettings: strict + instrumented,
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]),
  ]
}
