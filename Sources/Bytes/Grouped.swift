/// A number with a comma after each three digits.
package func grouped(_ value: UInt64) -> String {
  var text = TextBuffer(capacity: 32)
  text.append(grouped: value)
  return text.text
}
