internal import Bytes
internal import Glibc
internal import KernelNames

extension TracepointSource {
  /// The tracepoint's format, from either place where tracefs is mounted.
  static func format(_ read: FileReader) throws(SourceError) -> TracepointFormat {
    var refusal: FileError?
    for root in ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"] {
      let bytes: [UInt8]
      do throws(FileError) {
        bytes = try read("\(root)/events/skb/kfree_skb/format")
      } catch {
        if refusal == nil || !error.isMissing { refusal = error }
        continue
      }
      do throws(TracepointFormatError) {
        return try TracepointFormat(bytes)
      } catch {
        throw .unsupported("cannot understand the format of skb:kfree_skb: \(error)")
      }
    }
    guard let refusal, !refusal.isMissing else {
      throw .unsupported(
        "tracefs is not mounted, or has no skb:kfree_skb: mount -t tracefs nodev /sys/kernel/tracing"
      )
    }
    throw .notPermitted("\(refusal)")
  }

  /// The processors that are online, from "0-3,5".
  static func processors(_ read: FileReader) throws(SourceError) -> [Int32] {
    let text: String
    do throws(FileError) {
      text = String(decoding: try read("/sys/devices/system/cpu/online"), as: UTF8.self)
    } catch {
      throw .failed("cannot tell which processors are online: \(error)")
    }
    let ranges = text.split(whereSeparator: { $0 == "," || $0.isNewline })
    return ranges.flatMap { range -> [Int32] in
      let ends = range.split(separator: "-").compactMap { Int32($0) }
      guard let first = ends.first, let last = ends.last, (0...last).contains(first) else {
        return []
      }
      return Array(first...min(last, first + 1 << 16))
    }
  }

  /// A ring for each processor, all of one size: as large as asked for, or as the kernel grants.
  static func open(
    _ tracepoint: UInt64, _ options: TracepointOptions, _ processors: [Int32]
  ) throws(SourceError) -> [PerfRing] {
    var size = options.ringBytes
    let page = Int(getpagesize())
    while true {
      do throws(PerfError) {
        var rings: [PerfRing] = []
        for processor in processors {
          do throws(PerfError) {
            let ring = try PerfRing(tracepoint: tracepoint, processor: processor, size: size)
            if let reason = options.reason { try ring.setFilter("reason == \(reason)") }
            rings.append(ring)
          } catch {
            // It has gone offline meanwhile, and drops nothing.
            guard error.code == ENODEV else { throw error }
          }
        }
        guard !rings.isEmpty else { throw PerfError(operation: .open, code: ENODEV) }
        return rings
      } catch {
        guard error.operation == .map, error.code == EPERM || error.code == ENOMEM, size > page
        else { throw SourceError(error) }
        size /= 2
      }
    }
  }
}

extension SourceError {
  /// Turns a refusal into what to do about it.
  init(_ error: PerfError) {
    let reason = unsafe String(cString: strerror(error.code))
    self =
      switch (error.operation, error.code) {
      case (.open, EPERM), (.open, EACCES):
        .notPermitted(
          """
          not permitted to open the tracepoint skb:kfree_skb. Run as root, grant CAP_PERFMON \
          (before 5.8: CAP_SYS_ADMIN), or sysctl kernel.perf_event_paranoid=-1
          """)
      case (.open, ENOENT), (.open, EINVAL), (.open, ENODEV):
        .unsupported("this kernel cannot open skb:kfree_skb as a perf event: \(reason)")
      case (.open, EMFILE):
        .failed("cannot open a perf event for each processor: too many open files (ulimit -n)")
      case (.map, EPERM), (.map, ENOMEM):
        .notPermitted(
          """
          not permitted to lock memory for the perf rings: sysctl kernel.perf_event_mlock_kb, \
          ulimit -l, or CAP_IPC_LOCK
          """)
      case (.filter, _): .failed("cannot filter skb:kfree_skb by reason: \(reason)")
      default: .failed("cannot use the tracepoint skb:kfree_skb: \(reason)")
      }
  }
}
