extension OutputSchema {
  /// What TCP sends again.
  static let retransmissions = #"""
        "match": {"enum": ["none", "flow", "receiver", "acknowledgement", "exact"]},
        "retransmission": {
          "allOf": [{"$ref": "#/$defs/drop"}],
          "properties": {
            "type": {"const": "retransmission"},
            "time": {"$ref": "#/$defs/time"},
            "source": {"$ref": "#/$defs/end"},
            "destination": {"$ref": "#/$defs/end"},
            "sequence": {"$ref": "#/$defs/count"},
            "length": {"$ref": "#/$defs/count"},
            "segments": {"$ref": "#/$defs/count"},
            "handshake_answer": {"type": "boolean"},
            "round_trip_us": {"$ref": "#/$defs/count"},
            "error": {"$ref": "#/$defs/count"},
            "match": {"$ref": "#/$defs/match"},
            "cause": {
              "allOf": [{"$ref": "#/$defs/drop"}],
              "type": "object",
              "properties": {"age_ms": {"$ref": "#/$defs/seconds"}},
              "required": ["age_ms"]
            }
          },
          "required": [
            "time", "source", "destination", "sequence", "length", "segments",
            "handshake_answer", "match"
          ]
        },
        "matches": {
          "properties": {
            "segments": {"$ref": "#/$defs/count"}, "exact": {"$ref": "#/$defs/count"},
            "acknowledgement": {"$ref": "#/$defs/count"}, "receiver": {"$ref": "#/$defs/count"},
            "flow": {"$ref": "#/$defs/count"}, "none": {"$ref": "#/$defs/count"}
          },
          "required": ["segments", "exact", "acknowledgement", "receiver", "flow", "none"]
        },
        "retransmissions": {
          "allOf": [{"$ref": "#/$defs/matches"}],
          "properties": {
            "type": {"const": "retransmissions"},
            "time": {"$ref": "#/$defs/time"},
            "duration_s": {"$ref": "#/$defs/seconds"},
            "last": {"type": "boolean"},
            "calls": {"$ref": "#/$defs/count"},
            "failed": {"$ref": "#/$defs/count"},
            "causes": {
              "type": "array",
              "items": {
                "allOf": [{"$ref": "#/$defs/drop"}],
                "type": "object",
                "properties": {
                  "match": {"$ref": "#/$defs/match"}, "segments": {"$ref": "#/$defs/count"}
                },
                "required": ["match", "segments"]
              }
            },
            "beyond": {
              "type": "array",
              "items": {
                "allOf": [{"$ref": "#/$defs/drop"}],
                "type": "object",
                "properties": {
                  "toward": {"type": "string"}, "segments": {"$ref": "#/$defs/count"}
                },
                "required": ["toward", "segments"]
              }
            },
            "peers": {
              "type": "array",
              "items": {
                "allOf": [{"$ref": "#/$defs/drop"}, {"$ref": "#/$defs/matches"}],
                "type": "object",
                "properties": {"address": {"type": "string"}},
                "required": ["address"]
              }
            },
            "account": {
              "type": "object",
              "additionalProperties": {"$ref": "#/$defs/count"},
              "required": [
                "seen", "told", "filtered", "unsent", "lost", "lost_segments", "drops", "drops_elsewhere",
                "unreadable", "unstored", "overwritten", "missed", "forgotten_flows"
              ]
            },
            "verdict": {"type": "string"},
            "caveats": {"type": "array", "items": {"type": "string"}},
            "clues": {"$ref": "#/$defs/clues"}
          },
          "required": [
            "time", "duration_s", "last", "calls", "failed", "causes", "beyond", "peers", "account",
            "verdict", "caveats"
          ]
        }
    """#
}
