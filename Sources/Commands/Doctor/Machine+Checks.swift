internal import Bytes
internal import KernelNames

/// The checks, in the order in which they are shown. Each looks at one thing.
extension Machine {
  /// The kernel's BTF; nil if there is none or it cannot be used.
  var types: BTF? {
    guard let bytes = try? read("/sys/kernel/btf/vmlinux") else { return nil }
    return try? BTF(bytes)
  }

  func checkTypes(_ types: BTF?) -> Check {
    guard let types else {
      return Check(
        name: "BTF", isGood: false, finding: "no usable /sys/kernel/btf/vmlinux",
        consequence: "eBPF cannot watch drops; NET_DM and the tracepoint can",
        remedy: "a kernel with CONFIG_DEBUG_INFO_BTF=y (Debian's, Ubuntu's, Fedora's have it)")
    }
    return Check(name: "BTF", isGood: true, finding: "\(types.count) types of the kernel")
  }

  func checkTracepoint(_ types: BTF?) -> Check {
    let parameters = (try? types?.parameterCount(ofTypedef: "btf_trace_kfree_skb")) ?? nil
    guard let parameters else {
      return Check(
        name: "skb:kfree_skb", isGood: false, finding: "tracepoint not found",
        consequence: "eBPF cannot watch drops", remedy: "a kernel with CONFIG_TRACEPOINTS")
    }
    let hasReasons = parameters >= 4
    return Check(
      name: "skb:kfree_skb", isGood: true,
      finding: hasReasons
        ? "reasons\(parameters >= 5 ? " and receiving sockets" : "")" : "no reasons",
      consequence: hasReasons ? "" : "drops have a site but no reason",
      remedy: hasReasons ? "" : "kernel 5.17 or later")
  }

  func checkPrivileges() -> Check {
    let needed: [Capability] =
      capabilities.contains(.sysAdmin) ? [] : [.bpf, .perfmon]
    let missing = needed.filter { !capabilities.contains($0) }
    guard missing.isEmpty else {
      return Check(
        name: "privileges", isGood: false,
        finding: "no \(missing.map(\.name).joined(separator: ", no "))",
        consequence: "no source can attach",
        remedy: "run as root, or setcap cap_bpf,cap_perfmon,cap_syslog=ep on the program")
    }
    return Check(
      name: "privileges", isGood: true,
      finding: capabilities.contains(.sysAdmin) ? "CAP_SYS_ADMIN" : "CAP_BPF, CAP_PERFMON")
  }

  func checkSymbols() -> Check {
    let restriction = text("/proc/sys/kernel/kptr_restrict") ?? "unknown"
    do throws(SymbolTableError) {
      let bytes: [UInt8]
      do throws(FileError) { bytes = try read("/proc/kallsyms") } catch { throw .unreadable(error) }
      let table = try SymbolTable(kallsyms: bytes)
      return Check(
        name: "symbols", isGood: true,
        finding: "\(table.count) functions, kptr_restrict=\(restriction)")
    } catch {
      return Check(
        name: "symbols", isGood: false, finding: "kptr_restrict=\(restriction)",
        consequence: "addresses instead of functions",
        remedy: restriction == "2"
          ? "sysctl kernel.kptr_restrict=1" : "run as root, or grant CAP_SYSLOG")
    }
  }

  func checkJIT() -> Check {
    switch text("/proc/sys/net/core/bpf_jit_enable") {
    case "0":
      Check(
        name: "BPF JIT", isGood: false, finding: "net.core.bpf_jit_enable=0",
        consequence: "each drop costs ten times as much", remedy: "sysctl net.core.bpf_jit_enable=1"
      )
    case let value?:
      Check(name: "BPF JIT", isGood: true, finding: "net.core.bpf_jit_enable=\(value)")
    case nil:
      Check(name: "BPF JIT", isGood: true, finding: "always on in this kernel")
    }
  }

  func checkTracefs() -> Check {
    let roots = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"]
    for root in roots where text("\(root)/events/skb/kfree_skb/id") != nil {
      return Check(name: "tracefs", isGood: true, finding: root)
    }
    return Check(
      name: "tracefs", isGood: false, finding: "not mounted, or not readable",
      consequence: "no fall-back for reason names; eBPF does not need it",
      remedy: "mount -t tracefs nodev /sys/kernel/tracing")
  }

  func checkHardware(_ types: BTF?) -> Check {
    let isThere =
      (try? types?.parameterCount(ofTypedef: "btf_trace_devlink_trap_report")) ?? nil != nil
    return isThere
      ? Check(name: "devlink", isGood: true, finding: "tracepoint devlink:devlink_trap_report")
      : Check(
        name: "devlink", isGood: false, finding: "no tracepoint devlink:devlink_trap_report",
        consequence: "drops that a switch or NIC reports (devlink traps) cannot be seen",
        remedy: "only needed for such hardware: a kernel with CONFIG_NET_DEVLINK")
  }
}
