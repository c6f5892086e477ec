/// The JSON output as JSON Schema (draft 2020-12): what `dropwatch schema` prints.
///
/// Kept beside what writes it; tests validate real runs' output against it. Keys may be added, so unknown
/// ones are allowed. Definitions that go together stand in a file of the folder Schema.
package enum OutputSchema {
  package static var text: String {
    let definitions = [basics, watching, knowledge, retransmissions, machine]
    return head + definitions.joined(separator: ",\n") + "\n  }\n}\n"
  }

  private static let head = #"""
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "A line of dropwatch --json or dwdump --json, schema 1",
      "type": "object",
      "required": ["type"],
      "oneOf": [
        {"$ref": "#/$defs/session"}, {"$ref": "#/$defs/tally"}, {"$ref": "#/$defs/packet"},
        {"$ref": "#/$defs/loss"}, {"$ref": "#/$defs/counters"},
        {"$ref": "#/$defs/note"}, {"$ref": "#/$defs/summary"}, {"$ref": "#/$defs/check"},
        {"$ref": "#/$defs/configuration"}, {"$ref": "#/$defs/statistics"},
        {"$ref": "#/$defs/capture"}, {"$ref": "#/$defs/comparison"}, {"$ref": "#/$defs/difference"},
        {"$ref": "#/$defs/explanation"}, {"$ref": "#/$defs/found"},
        {"$ref": "#/$defs/diagnosis"},
        {"$ref": "#/$defs/limit"}, {"$ref": "#/$defs/verdict"},
        {"$ref": "#/$defs/retransmission"}, {"$ref": "#/$defs/retransmissions"}
      ],
      "$defs": {

    """#
}
