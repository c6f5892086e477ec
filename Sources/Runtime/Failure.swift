package import ArgumentParser
internal import Bytes
internal import Glibc

/// What a run ends with, as docs/output.md promises.
package enum ExitStatus {
  /// The answer is "no", or data was lost.
  package static let negative = ExitCode(1)
  /// It could not run.
  package static let failure = ExitCode(2)
}

/// Prints a line to standard error; there is nobody to tell if that fails.
package func printError(_ message: String, by program: String = "dropwatch") {
  var text = TextBuffer(capacity: message.utf8.count + 16)
  text.append(program)
  text.append(": ")
  text.append(message)
  text.append("\n")
  try? text.write(to: STDERR_FILENO)
}

/// Runs `body`; an error becomes one sentence on standard error and status 2.
package func reporting<Success>(
  by program: String = "dropwatch", _ body: () throws -> Success
) throws -> Success {
  do {
    return try body()
  } catch let code as ExitCode {
    throw code
  } catch let error as ValidationError {
    throw error
  } catch {
    printError("\(error)", by: program)
    throw ExitStatus.failure
  }
}
