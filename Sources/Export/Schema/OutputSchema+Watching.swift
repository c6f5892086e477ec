extension OutputSchema {
  /// What a watching or a recording tells.
  static let watching = #"""
        "session": {
          "properties": {
            "type": {"const": "session"},
            "schema": {"const": 1},
            "version": {"type": "string"},
            "source": {"type": "string"},
            "mechanism": {"type": "string"},
            "kernel": {"type": "string"},
            "host": {"type": "string"},
            "started": {"$ref": "#/$defs/time"},
            "filter": {"type": ["string", "null"]},
            "blind": {"type": "array", "items": {"type": "string"}},
            "refused": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {"source": {"type": "string"}, "reason": {"type": "string"}},
                "required": ["source", "reason"]
              }
            }
          },
          "required": ["schema", "version", "source", "kernel", "host", "started", "filter", "blind"]
        },
        "tally": {
          "allOf": [{"$ref": "#/$defs/drop"}],
          "properties": {
            "type": {"const": "tally"},
            "time": {"$ref": "#/$defs/time"},
            "interval_s": {"$ref": "#/$defs/seconds"},
            "drops": {"type": "integer", "minimum": 1},
            "bytes": {"$ref": "#/$defs/count"},
            "segments": {"$ref": "#/$defs/count"},
            "total": {"type": "integer", "minimum": 1}
          },
          "required": ["time", "interval_s", "drops", "bytes", "segments", "total"]
        },
        "packet": {
          "allOf": [{"$ref": "#/$defs/drop"}],
          "properties": {
            "type": {"const": "packet"},
            "time": {"$ref": "#/$defs/time"},
            "direction": {"enum": ["receive", "transmit", "local", "unknown"]},
            "length": {"$ref": "#/$defs/count"},
            "segments": {"$ref": "#/$defs/count"},
            "source": {"$ref": "#/$defs/end"},
            "destination": {"$ref": "#/$defs/end"},
            "tcp": {
              "type": "object",
              "properties": {
                "flags": {"type": "string"},
                "sequence": {"$ref": "#/$defs/count"},
                "acknowledgment": {"$ref": "#/$defs/count"},
                "window": {"$ref": "#/$defs/count"}
              },
              "required": ["flags", "sequence", "acknowledgment", "window"]
            },
            "icmp": {
              "type": "object",
              "properties": {
                "type": {"$ref": "#/$defs/count"}, "code": {"$ref": "#/$defs/count"}
              },
              "required": ["type", "code"]
            },
            "fragment": {
              "type": "object",
              "properties": {
                "identification": {"$ref": "#/$defs/count"},
                "offset": {"$ref": "#/$defs/count"},
                "more": {"type": "boolean"}
              },
              "required": ["identification", "offset", "more"]
            },
            "vlan": {"type": ["integer", "null"]},
            "inner_vlan": {"type": "integer"},
            "tunnel": {
              "type": ["object", "null"],
              "properties": {
                "kind": {"type": "string"},
                "id": {"$ref": "#/$defs/count"},
                "transport": {"type": "string"},
                "source": {"$ref": "#/$defs/end"},
                "destination": {"$ref": "#/$defs/end"}
              },
              "required": ["kind"]
            },
            "owner": {
              "type": "object",
              "properties": {
                "uid": {"$ref": "#/$defs/count"},
                "user": {"type": "string"},
                "cgroup": {"type": ["string", "null"]},
                "unit": {"type": ["string", "null"]},
                "container": {
                  "type": ["object", "null"],
                  "properties": {"id": {"type": "string"}, "runtime": {"type": "string"}},
                  "required": ["id"]
                },
                "pid": {"$ref": "#/$defs/count"},
                "command": {"type": "string"},
                "inferred": {"const": true}
              },
              "required": ["uid", "cgroup", "unit", "container"]
            },
            "stack": {"type": "array", "items": {"type": "string"}},
            "stack_lines": {"type": "array", "items": {"type": "string"}},
            "text": {"type": "string"}
          },
          "required": ["time", "direction", "length", "segments", "vlan", "tunnel", "text"]
        },
        "loss": {
          "properties": {
            "type": {"const": "loss"},
            "seen": {"$ref": "#/$defs/count"},
            "tallied": {"$ref": "#/$defs/count"},
            "overflowed": {"$ref": "#/$defs/count"},
            "filtered": {"$ref": "#/$defs/count"},
            "excluded": {"$ref": "#/$defs/count"},
            "offered": {"$ref": "#/$defs/count"},
            "delivered": {"$ref": "#/$defs/count"},
            "limited": {"$ref": "#/$defs/count"},
            "lost": {"$ref": "#/$defs/count"},
            "missed": {"$ref": "#/$defs/count"},
            "interrupted": {"const": true}
          },
          "required": [
            "seen", "tallied", "overflowed", "filtered", "excluded", "offered", "delivered",
            "limited", "lost", "missed"
          ]
        },
        "note": {
          "properties": {
            "type": {"const": "note"},
            "time": {"$ref": "#/$defs/time"},
            "text": {"type": "string"}
          },
          "required": ["time", "text"]
        },
        "summary": {
          "properties": {
            "type": {"const": "summary"},
            "time": {"$ref": "#/$defs/time"},
            "duration_s": {"$ref": "#/$defs/seconds"},
            "drops": {"$ref": "#/$defs/count"},
            "sites": {"$ref": "#/$defs/count"},
            "cost": {
              "type": "object",
              "properties": {
                "cpu_percent": {"$ref": "#/$defs/seconds"},
                "ns_per_drop": {"$ref": "#/$defs/seconds"}
              }
            }
          },
          "required": ["time", "duration_s", "drops", "sites"]
        },
        "counters": {
          "properties": {
            "type": {"const": "counters"},
            "time": {"$ref": "#/$defs/time"},
            "interval_s": {"$ref": "#/$defs/seconds"},
            "netns": {
              "type": "object",
              "properties": {"inode": {"$ref": "#/$defs/count"}, "name": {"type": "string"}},
              "required": ["inode"]
            },
            "changed": {"$ref": "#/$defs/counts"},
            "total": {"$ref": "#/$defs/counts"},
            "duration_s": {"$ref": "#/$defs/seconds"},
            "unknown": {"type": "array", "items": {"type": "string"}},
            "unread": {"type": "array", "items": {"type": "string"}}
          },
          "required": ["time", "interval_s", "changed"]
        },
        "recording": {
          "type": "object",
          "properties": {
            "file": {"type": "string"}, "kernel": {"type": "string"}, "host": {"type": "string"},
            "source": {"type": "string"}, "started": {"$ref": "#/$defs/time"},
            "duration_s": {"$ref": "#/$defs/seconds"}, "drops": {"$ref": "#/$defs/count"}
          },
          "required": ["file", "kernel", "host", "source", "started", "duration_s", "drops"]
        },
        "comparison": {
          "properties": {
            "type": {"const": "comparison"},
            "schema": {"const": 1},
            "before": {"$ref": "#/$defs/recording"},
            "after": {"$ref": "#/$defs/recording"},
            "notes": {"type": "array", "items": {"type": "string"}}
          },
          "required": ["schema", "before", "after", "notes"]
        },
        "rate": {
          "type": "object",
          "properties": {
            "drops": {"$ref": "#/$defs/count"}, "per_second": {"$ref": "#/$defs/seconds"}
          },
          "required": ["drops", "per_second"]
        },
        "difference": {
          "allOf": [{"$ref": "#/$defs/drop"}],
          "properties": {
            "type": {"const": "difference"},
            "change": {"enum": ["new", "gone", "up", "down", "same"]},
            "significant": {"type": "boolean"},
            "p": {"type": "number", "minimum": 0, "maximum": 1},
            "before": {"$ref": "#/$defs/rate"},
            "after": {"$ref": "#/$defs/rate"}
          },
          "required": ["change", "significant", "p", "before", "after"]
        }
    """#
}
