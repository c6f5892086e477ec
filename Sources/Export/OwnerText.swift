package import Bytes
package import DropModel

extension TextBuffer {
  /// Appends who owns a packet: "nginx[812] nginx.service docker:0123456789ab root"; a listener that is
  /// only inferred stands in parentheses.
  package mutating func append(_ owner: Owner) {
    if owner.isInferred { append("(listener ") }
    if let pid = owner.pid {
      append(owner.command ?? "?")
      append("[")
      append(decimal: pid)
      append("] ")
    }
    if let container = owner.container {
      append(container.runtime ?? "container")
      append(":")
      // As far as the runtimes' own commands show it.
      append(String(container.id.prefix(12)))
      append(" ")
    } else if let name = owner.unit ?? owner.cgroup, name != "/" {
      append(name)
      append(" ")
    }
    if let user = owner.user {
      append(user)
    } else {
      append("uid ")
      append(decimal: owner.uid)
    }
    if owner.isInferred { append(")") }
  }
}
