import DropLab
import KernelNames
import Testing

struct UserNamesTests {
  @Test func `users have the first name that the file gives them`() throws {
    let file = try Command.run(["mktemp"]).dropLast()
    defer { _ = try? Command.run(["rm", String(file)]) }
    try KernelFile.write(
      "root:x:0:0::/root:/bin/sh\ntoor:x:0:0:::\nbroken\nwww:x:33:33:::\nx:y:z:::\n",
      to: String(file))
    let users = try UserNames(file: String(file))
    #expect(users.name(of: 0) == "root")
    #expect(users.uid(of: "toor") == 0)
    #expect(users.name(of: 33) == "www")
    #expect(users.uid(of: "www") == 33)
    #expect(users.name(of: 34) == nil)
    #expect(users.uid(of: "broken") == nil)
  }

  @Test func `a file that cannot be read is told`() {
    #expect(throws: (any Error).self) { try UserNames(file: "/nowhere") }
  }
}
