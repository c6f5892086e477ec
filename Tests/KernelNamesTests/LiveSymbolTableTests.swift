import Bytes
import KernelNames
import Testing

/// The symbols of this machine, unless the kernel hides them.
private let live = try? SymbolTable.load()

/// The functions that can be traced, each with its address, as the kernel itself names them
/// (kallsyms_lookup, from 6.5 on); empty if that cannot be read.
private let traceable = (try? [UInt8](contentsOfFile: path)) ?? []
private let path = "/sys/kernel/tracing/available_filter_functions_addrs"

@Suite(.enabled(if: live != nil, "the kernel hides its symbols: run as root"))
struct LiveSymbolTableTests {
  @Test(
    .enabled(
      if: !traceable.isEmpty,
      "\(path) cannot be read: it needs root, tracefs, 6.5 or later, and no lockdown"))
  func `functions are named as the kernel names them`() throws {
    let table = try #require(live)
    var reader = ByteReader(traceable.span.raw)
    var (compared, number) = (0, 0)
    while var line = reader.readLine() {
      number += 1
      // A BPF program may come or go while the test runs.
      guard number % 16 == 0, let address = line.readHexadecimal(), line.accept(" ") else {
        continue
      }
      let expected = line.rest.text
      guard !expected.contains("[bpf]"), !expected.contains("__ftrace_invalid_address") else {
        continue
      }
      let symbol = table.symbol(at: address)
      let name = symbol.map { $0.name + ($0.module.map { " [\($0)]" } ?? "") }
      #expect(name == expected)
      compared += 1
    }
    #expect(compared > 1000)
  }

  @Test func `looking one byte further leads to the next function or to none`() throws {
    let table = try #require(live)
    let bytes = try [UInt8](contentsOfFile: "/proc/kallsyms")
    let text = bytes.span.text
    let start = try #require(text.split(separator: "\n").first { $0.hasSuffix(" T _stext") })
    var address = try #require(UInt64(start.prefix { $0 != " " }, radix: 16))
    for _ in 0..<2000 {
      let symbol = try #require(table.symbol(at: address))
      guard let size = symbol.size else { break }
      #expect(symbol.offset == 0)
      #expect(table.symbol(at: address + size - 1)?.name == symbol.name)
      #expect(table.symbol(at: address + size)?.offset == 0)
      address += size
    }
  }
}
