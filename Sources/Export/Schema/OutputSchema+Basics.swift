extension OutputSchema {
  /// What others are made of.
  static let basics = #"""
        "count": {"type": "integer", "minimum": 0},
        "seconds": {"type": "number", "minimum": 0},
        "time": {"type": "string", "pattern": "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z$"},
        "severity": {"enum": ["harmful", "suspicious", "benign"]},
        "strings": {"type": "array", "items": {"type": "string"}},
        "drop": {
          "properties": {
            "reason": {"type": "string"},
            "subsystem": {"type": "string"},
            "group": {"type": "string"},
            "severity": {"$ref": "#/$defs/severity"},
            "site": {
              "type": "object",
              "properties": {
                "symbol": {"type": ["string", "null"]},
                "offset": {"$ref": "#/$defs/count"},
                "address": {"type": "string", "pattern": "^0x[0-9a-f]+$"},
                "module": {"type": ["string", "null"]},
                "file": {"type": ["string", "null"]},
                "line": {"type": ["integer", "null"]}
              },
              "required": ["symbol", "address", "module"]
            },
            "netns": {
              "type": "object",
              "properties": {"inode": {"$ref": "#/$defs/count"}, "name": {"type": "string"}},
              "required": ["inode"]
            },
            "device": {
              "type": "object",
              "properties": {"index": {"$ref": "#/$defs/count"}, "name": {"type": "string"}},
              "required": ["index"]
            },
            "protocol": {"type": "string"},
            "transport": {"type": "string"},
            "qdisc": {
              "type": "object",
              "properties": {
                "kind": {"type": "string"},
                "handle": {"type": "string", "pattern": "^[0-9a-f]*:[0-9a-f]*$"},
                "parent": {"type": "string", "pattern": "^[0-9a-f]*:[0-9a-f]*$"}
              },
              "required": ["kind", "handle"]
            }
          }
        },
        "end": {
          "type": "object",
          "properties": {"address": {"type": "string"}, "port": {"$ref": "#/$defs/count"}}
        },
        "clues": {
          "type": "array",
          "items": {
            "type": "object",
            "properties": {
              "counter": {"type": "string"}, "count": {"$ref": "#/$defs/count"},
              "text": {"type": "string"}
            },
            "required": ["count", "text"]
          }
        },
        "counts": {"type": "object", "additionalProperties": {"$ref": "#/$defs/count"}}
    """#
}
