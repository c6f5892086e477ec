import DropLab

/// Checks lines of JSON against what `dropwatch schema` prints.
enum Schema {
  /// The types of the lines, sorted, each once; throws if a line is not as promised.
  static func types(of lines: String) throws -> [String] {
    let schema = try Program(["schema"])
    guard try schema.exitStatus() == 0 else { throw LabError("no schema: \(schema.errors)") }
    let check = """
      import json, sys, jsonschema
      schema, lines = sys.stdin.read().split("\\0")
      validator = jsonschema.Draft202012Validator(json.loads(schema))
      for line in lines.splitlines():
          validator.validate(json.loads(line))
      print(" ".join(sorted({json.loads(line)["type"] for line in lines.splitlines()})))
      """
    let output = try Command.run(
      ["/usr/bin/python3", "-c", check], input: schema.output + "\0" + lines)
    return output.split(whereSeparator: \.isWhitespace).map(String.init)
  }
}
