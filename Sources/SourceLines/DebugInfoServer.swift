internal import Bytes
internal import Glibc
internal import Programs

/// The debuginfod servers that DEBUGINFOD_URLS names, asked by the program `debuginfod-find`.
///
/// See debuginfod-find(1). What was fetched once is in its cache, below ~/.cache/debuginfod_client.
package struct DebugInfoServer: Sendable {
  /// As in the environment.
  package let urls: String

  /// Those of this environment; nil if it names none.
  package static var ofEnvironment: DebugInfoServer? {
    guard let value = unsafe getenv("DEBUGINFOD_URLS") else { return nil }
    let urls = unsafe String(cString: value)
    return urls.isEmpty ? nil : DebugInfoServer(urls: urls)
  }

  /// Whether the program that asks is in PATH.
  package var canBeAsked: Bool {
    let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? ""
    return path.split(separator: ":").contains { folder in
      unsafe access("\(folder)/debuginfod-find", X_OK) == 0
    }
  }

  /// Fetches a build's debug information, and returns its file or why there is none, as a sentence.
  ///
  /// Waits for at most `patience`; calls `slow` once, after two seconds.
  func file(
    of build: BuildID, patience: Duration, slow: () -> Void
  ) -> Result<String, DebugInfoFailure> {
    var isSlow = false
    let output: [UInt8]
    do throws(ProgramOutput.Failure) {
      output = try ProgramOutput.of(
        ["debuginfod-find", "debuginfo", "\(build)"], patience: patience, most: 4096
      ) { waited in
        guard waited >= .seconds(2), !isSlow else { return }
        isSlow = true
        slow()
      }
    } catch .notInstalled {
      return .failure(
        DebugInfoFailure(
          "DEBUGINFOD_URLS is set, but there is no debuginfod-find (package debuginfod)"))
    } catch .late {
      return .failure(
        DebugInfoFailure("\(urls) did not answer within \(patience.components.seconds) s"))
    } catch .status {
      return .failure(DebugInfoFailure("\(urls) does not have the build \(build)"))
    } catch {
      return .failure(DebugInfoFailure("\(error)"))
    }
    let text = output.span.text
    guard text.hasPrefix("/"), let path = text.split(separator: "\n").first else {
      return .failure(DebugInfoFailure("\(urls) does not have the build \(build)"))
    }
    return .success(String(path))
  }
}

/// Why a server gave nothing.
struct DebugInfoFailure: Error, CustomStringConvertible {
  let description: String
  /// What to do about it, a sentence without its end.
  let remedy: String

  init(_ description: String, remedy: String = "") {
    self.description = description
    self.remedy = remedy
  }
}
