/// What a Tab can do for a word that is half typed.
struct WordCompletion: Equatable {
  /// What all possible words have in common behind what is typed; with a space if there is but one.
  let insertion: String
  /// The words that are possible.
  let words: [String]

  /// `words` all begin with the last word of `line`.
  init(of line: String, words: [String]) {
    self.words = words
    let typed = line.split(separator: " ", omittingEmptySubsequences: false).last?.count ?? 0
    guard var common = words.first else {
      insertion = ""
      return
    }
    for word in words.dropFirst() {
      while !word.hasPrefix(common) { common.removeLast() }
    }
    insertion = common.dropFirst(typed) + (words.count == 1 ? " " : "")
  }
}
