/// The JSON output as JSON Schema (draft 2020-12): what `dropwatch schema` prints.
///
/// Kept beside JSONLines; a test validates a real run's output against it. Keys may be added, so
/// unknown ones are allowed.
package enum OutputSchema {
  package static let text: StaticString = #"""
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
        {"$ref": "#/$defs/retransmission"}, {"$ref": "#/$defs/retransmissions"}
      ],
      "$defs": {
        "count": {"type": "integer", "minimum": 0},
        "seconds": {"type": "number", "minimum": 0},
        "time": {"type": "string", "pattern": "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z$"},
        "severity": {"enum": ["harmful", "suspicious", "benign"]},
        "strings": {"type": "array", "items": {"type": "string"}},
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
            "remainder": {"type": "string"}
          },
          "required": ["name", "kind", "layer", "what", "station", "see"]
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
                  "fixes": {"type": "array", "items": {"required": ["do", "risk"]}}
                },
                "required": ["name", "severity", "confidence", "drops", "devices", "sites"]
              }
            },
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
            "retransmissions": {
              "type": "object",
              "properties": {
                "sentence": {"type": "string"}, "caveats": {"$ref": "#/$defs/strings"}
              },
              "required": ["sentence", "caveats"]
            },
            "loss": {"type": "object"},
            "blind": {"$ref": "#/$defs/strings"}
          },
          "required": ["verdict", "harmful", "drops", "findings", "loss", "blind"]
        },
        "found": {
          "properties": {
            "type": {"const": "match"},
            "name": {"type": "string"}, "layer": {"type": "string"}, "what": {"type": "string"}
          },
          "required": ["name", "layer", "what"]
        },
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
        "counts": {"type": "object", "additionalProperties": {"$ref": "#/$defs/count"}},
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
        },
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
            "caveats": {"type": "array", "items": {"type": "string"}}
          },
          "required": [
            "time", "duration_s", "last", "calls", "failed", "causes", "beyond", "peers", "account",
            "verdict", "caveats"
          ]
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
      }
    }

    """#
}
