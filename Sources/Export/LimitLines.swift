package import Bytes
package import Diagnosis
internal import DropModel

extension JSONWriter {
  /// The answer of `dropwatch check --json`: a line for each limit, the account, and the verdict.
  package mutating func lines(_ check: LimitCheck) {
    for result in check.results {
      line { json in
        json.field("type", "limit")
        json.nullable("name", result.limit.name)
        json.field("max", result.limit.most)
        json.field("drops", result.drops)
        json.field("untold", result.untold)
        json.field("outcome", result.outcome.rawValue)
        json.objects("kinds", result.kinds) { json, kind in
          json.field("drops", kind.drops)
          json.describe(kind.drop)
        }
      }
    }
    line { json in
      json.field("type", "loss")
      json.describe(check.loss)
    }
    line { json in
      json.field("type", "verdict")
      json.field("passed", check.isPassed)
      json.field("text", check.verdict)
      json.field("duration_s", check.duration.seconds, digits: 3)
      if let command = check.command {
        json.object("command") { json in
          json.strings("words", command.words)
          json.field("ending", command.ending)
          json.field("failed", command.hasFailed)
        }
      }
      json.strings("blind", check.blindSpots)
    }
  }
}
