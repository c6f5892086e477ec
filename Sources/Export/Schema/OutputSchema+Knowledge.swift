extension OutputSchema {
  /// What is known, and what it leads to.
  static let knowledge = #"""
        "explanation": {
          "properties": {
            "type": {"const": "explanation"},
            "name": {"type": "string"},
            "kind": {"enum": ["reason", "site", "counter"]},
            "layer": {"type": "string"},
            "what": {"type": "string"},
            "station": {"type": "string"},
            "severity": {"$ref": "#/$defs/severity"},
            "kernels": {"type": "string"},
            "causes": {"$ref": "#/$defs/strings"},
            "evidence": {"$ref": "#/$defs/strings"},
            "references": {"$ref": "#/$defs/strings"},
            "see": {"$ref": "#/$defs/strings"},
            "rules": {"type": "array", "items": {"type": "object", "required": ["if", "severity", "because"]}},
            "counters": {"type": "array", "items": {"type": "object", "required": ["name", "unit"]}},
            "checks": {"type": "array", "items": {"type": "object", "required": ["run", "shows"]}},
            "fixes": {"type": "array", "items": {"type": "object", "required": ["do", "risk"]}},
            "where": {"type": "array", "items": {"type": "object", "required": ["function", "file"]}},
            "per": {"enum": ["host", "cpu", "netns", "device", "qdisc", "socket"]},
            "unit": {"enum": ["packets", "segments", "bytes", "events"]},
            "bad": {"type": "boolean"},
            "within": {"$ref": "#/$defs/strings"},
            "moves_with": {"$ref": "#/$defs/strings"},
            "remainder": {"type": "string"},
            "retransmissions": {"type": "string"}
          },
          "required": ["name", "kind", "layer", "what", "station", "see"]
        },
        "found": {
          "properties": {
            "type": {"const": "match"},
            "name": {"type": "string"}, "layer": {"type": "string"}, "what": {"type": "string"}
          },
          "required": ["name", "layer", "what"]
        },
        "limit": {
          "properties": {
            "type": {"const": "limit"},
            "name": {"type": ["string", "null"]},
            "max": {"$ref": "#/$defs/count"},
            "drops": {"$ref": "#/$defs/count"},
            "untold": {"$ref": "#/$defs/count"},
            "outcome": {"enum": ["kept", "exceeded", "unknown"]},
            "kinds": {
              "type": "array",
              "items": {
                "allOf": [{"$ref": "#/$defs/drop"}],
                "properties": {"drops": {"$ref": "#/$defs/count"}}, "required": ["drops"]
              }
            }
          },
          "required": ["name", "max", "drops", "untold", "outcome", "kinds"]
        },
        "verdict": {
          "properties": {
            "type": {"const": "verdict"},
            "passed": {"type": "boolean"},
            "text": {"type": "string"},
            "duration_s": {"$ref": "#/$defs/seconds"},
            "command": {
              "type": "object",
              "properties": {
                "words": {"$ref": "#/$defs/strings"}, "ending": {"type": "string"},
                "failed": {"type": "boolean"}
              },
              "required": ["words", "ending", "failed"]
            },
            "blind": {"$ref": "#/$defs/strings"}
          },
          "required": ["passed", "text", "duration_s", "blind"]
        },
        "share": {
          "type": "object",
          "properties": {"reason": {"type": "string"}, "drops": {"$ref": "#/$defs/count"}},
          "required": ["reason", "drops"]
        },
        "diagnosis": {
          "properties": {
            "type": {"const": "diagnosis"},
            "schema": {"const": 1},
            "started": {"$ref": "#/$defs/time"},
            "duration_s": {"$ref": "#/$defs/seconds"},
            "filter": {"type": ["string", "null"]},
            "verdict": {"type": "string"},
            "harmful": {"type": "boolean"},
            "drops": {"$ref": "#/$defs/count"},
            "findings": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "name": {"type": "string"},
                  "severity": {"$ref": "#/$defs/severity"},
                  "because": {"type": "string"},
                  "confidence": {"enum": ["high", "medium", "low"]},
                  "drops": {"$ref": "#/$defs/count"},
                  "segments": {"$ref": "#/$defs/count"},
                  "devices": {"$ref": "#/$defs/strings"},
                  "sites": {"$ref": "#/$defs/strings"},
                  "causes": {"$ref": "#/$defs/strings"},
                  "evidence": {
                    "type": "array",
                    "items": {
                      "type": "object",
                      "properties": {
                        "name": {"type": "string"}, "value": {"type": ["string", "null"]},
                        "problem": {"type": "string"}
                      },
                      "required": ["name", "value"]
                    }
                  },
                  "checks": {"type": "array", "items": {"required": ["run", "shows"]}},
                  "fixes": {"type": "array", "items": {"required": ["do", "risk"]}},
                  "changes_before": {"$ref": "#/$defs/strings"}
                },
                "required": ["name", "severity", "confidence", "drops", "devices", "sites"]
              }
            },
            "way": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "station": {"type": "string"}, "drops": {"$ref": "#/$defs/count"},
                  "parts": {"type": "array", "items": {"$ref": "#/$defs/share"}},
                  "counters": {
                    "type": "array", "items": {"required": ["name", "change", "remainder"]}
                  }
                },
                "required": ["station", "drops", "parts", "counters"]
              }
            },
            "unplaced": {"$ref": "#/$defs/count"},
            "counters": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "name": {"type": "string"}, "instance": {"type": "string"},
                  "netns": {"$ref": "#/$defs/count"}, "change": {"$ref": "#/$defs/count"},
                  "explained": {"$ref": "#/$defs/count"}, "remainder": {"$ref": "#/$defs/count"},
                  "excess": {"$ref": "#/$defs/count"},
                  "parts": {"type": "array", "items": {"$ref": "#/$defs/share"}},
                  "meaning": {"type": "string"}
                },
                "required": ["name", "change", "explained", "remainder", "excess", "parts"]
              }
            },
            "uncounted": {"type": "array", "items": {"$ref": "#/$defs/share"}},
            "uncompared": {"type": "array", "items": {"$ref": "#/$defs/share"}},
            "retransmissions": {
              "type": "object",
              "properties": {
                "sentence": {"type": "string"}, "caveats": {"$ref": "#/$defs/strings"},
                "clues": {"$ref": "#/$defs/clues"}
              },
              "required": ["sentence", "caveats"]
            },
            "changes": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "time": {"$ref": "#/$defs/time"},
                  "since": {"$ref": "#/$defs/time"},
                  "netns": {"type": "object", "required": ["inode"]},
                  "kind": {
                    "enum": ["link", "address", "route", "neighbour", "nftables", "qdisc", "sysctl"]
                  },
                  "text": {"type": "string"}
                },
                "required": ["time", "since", "kind", "text"]
              }
            },
            "changes_uncounted": {"$ref": "#/$defs/count"},
            "loss": {"type": "object"},
            "blind": {"$ref": "#/$defs/strings"}
          },
          "required": ["verdict", "harmful", "drops", "findings", "loss", "blind"]
        }
    """#
}
