extension OutputSchema {
  /// The machine itself, and dwdump.
  static let machine = #"""
        "check": {
          "properties": {
            "type": {"const": "check"},
            "name": {"type": "string"},
            "ok": {"type": "boolean"},
            "finding": {"type": "string"},
            "consequence": {"type": "string"},
            "blind": {"type": "array", "items": {"type": "string"}},
            "remedy": {"type": "string"}
          },
          "required": ["name", "ok", "finding"]
        },
        "configuration": {
          "properties": {
            "type": {"const": "configuration"},
            "alert_mode": {"enum": ["summary", "packet"]},
            "truncation": {"$ref": "#/$defs/count"},
            "queue": {"$ref": "#/$defs/count"},
            "listeners": {"type": "array", "items": {"type": "string"}}
          },
          "required": ["alert_mode", "truncation", "queue", "listeners"]
        },
        "queues": {
          "type": "object",
          "properties": {"tail_dropped": {"$ref": "#/$defs/count"}},
          "required": ["tail_dropped"]
        },
        "statistics": {
          "properties": {
            "type": {"const": "statistics"},
            "software": {"$ref": "#/$defs/queues"},
            "hardware": {"$ref": "#/$defs/queues"}
          },
          "required": ["software", "hardware"]
        },
        "capture": {
          "properties": {
            "type": {"const": "capture"},
            "output": {"type": "string"},
            "packets": {"$ref": "#/$defs/count"},
            "messages": {"$ref": "#/$defs/count"},
            "bytes": {"$ref": "#/$defs/count"},
            "tail_dropped": {"$ref": "#/$defs/count"},
            "overrun": {"$ref": "#/$defs/count"},
            "unreadable": {"$ref": "#/$defs/count"},
            "unwritten": {"$ref": "#/$defs/count"},
            "disturbed": {"type": "boolean"}
          },
          "required": [
            "output", "packets", "messages", "bytes", "tail_dropped", "overrun", "unreadable",
            "unwritten", "disturbed"
          ]
        }
    """#
}
