internal import Bytes
internal import Diagnosis
internal import Glibc
internal import HostState
internal import Netlink
internal import Programs

/// The rules of nftables in each network namespace: what their counters said at the beginning and at the
/// end of a look, and what they ask, as of the end.
final class RuleWindow {
  private var first: [UInt32: [RuleName: UInt64]] = [:]
  private var last: [UInt32: [RuleName: UInt64]] = [:]
  private var listings: [UInt32: Result<Ruleset, ProgramOutput.Failure>] = [:]
  /// What nft writes of single chains; empty where it failed.
  private var chains: [UInt32: [RuleName: String]] = [:]

  /// How long counters may be read; rules of namespaces beyond that are judged without.
  private static let patience = Duration.seconds(1)

  func begin(_ namespaces: [(inode: UInt32, path: String)]) { first = Self.counters(namespaces) }

  func end(_ namespaces: [(inode: UInt32, path: String)]) { last = Self.counters(namespaces) }

  /// How far each rule's counter moved in a namespace; of those that have one.
  func moved(in namespace: UInt32) -> [RuleName: UInt64] {
    guard let begin = first[namespace], let end = last[namespace] else { return [:] }
    // One that is younger began at 0, one that was set back counts from there.
    return end.reduce(into: [:]) { moved, counter in
      let (name, now) = counter
      let before = begin[name] ?? 0
      moved[name] = now >= before ? now - before : now
    }
  }

  /// What `nft` says of a namespace, asked once.
  ///
  /// By the program, and not by decoding the kernel's expressions, of which there are fifty kinds and
  /// more each year: it knows all that the machine's rules may have, and its words are those that people
  /// wrote. It takes some 10 ms, and 0.2 s for 5,000 rules.
  func ruleset(of namespace: UInt32, at path: String) -> Result<Ruleset, ProgramOutput.Failure> {
    if let known = listings[namespace] { return known }
    let listing: Result<Ruleset, ProgramOutput.Failure>
    do throws(ProgramOutput.Failure) {
      let json = try Self.output(of: ["nft", "-j", "-a", "list", "ruleset"], in: path)
      do throws(JSONError) {
        listing = .success(try Ruleset(json: json.span.raw))
      } catch {
        throw .failed("nft -j list ruleset wrote what cannot be read: \(error)")
      }
    } catch {
      listing = .failure(error)
    }
    listings[namespace] = listing
    return listing
  }

  /// A rule in nft's own words; nil if they cannot be had.
  ///
  /// Each chain is asked for once, and none any more in a namespace where that has failed.
  func text(of rule: RuleName, in namespace: UInt32, at path: String) -> String? {
    let known = chains[namespace] ?? [:]
    if let listing = known[rule.ofChain] { return rule.text(in: listing) }
    // The program takes its arguments together for a text with commands.
    guard rule.isPlain, !known.values.contains("") else { return nil }
    let words = ["nft", "-a", "list", "chain", rule.family, rule.table, rule.chain]
    let output = (try? Self.output(of: words, in: path)) ?? []
    let listing = output.span.text
    chains[namespace, default: [:]][rule.ofChain] = listing
    return rule.text(in: listing)
  }

  /// What a program writes in a namespace: within five seconds, and 16 MiB of it at most.
  private static func output(
    of words: [String], in namespace: String
  ) throws(ProgramOutput.Failure) -> [UInt8] {
    try inNamespace(namespace, { .failed("cannot enter the namespace: \(errorText($0))") }) {
      () throws(ProgramOutput.Failure) in
      try ProgramOutput.of(words, patience: .seconds(5), most: 16 << 20)
    }
  }

  private static func counters(
    _ namespaces: [(inode: UInt32, path: String)]
  ) -> [UInt32: [RuleName: UInt64]] {
    guard isThere else { return [:] }
    let deadline = ContinuousClock.now + patience
    var counters: [UInt32: [RuleName: UInt64]] = [:]
    for namespace in namespaces where ContinuousClock.now < deadline {
      // What cannot be read leaves rules without counters, and the rules themselves say why.
      guard let socket = try? KernelSocket(.netfilter, in: namespace.path),
        let rules = try? RuleCounter.all(over: NetlinkConnection(socket))
      else { continue }
      counters[namespace.inode] = Dictionary(
        rules.map { rule in
          let name = RuleName(
            family: rule.family, table: rule.table, chain: rule.chain, handle: rule.handle)
          return (name, rule.packets)
        }, uniquingKeysWith: { $1 })
    }
    return counters
  }

  /// Whether the kernel can be asked without its loading nf_tables for that.
  ///
  /// It is loaded, or there are no modules at all. One that is built into a kernel with modules cannot
  /// be told from one that is not there: rules are then judged without counters.
  private static var isThere: Bool {
    let isLoaded = unsafe access("/sys/module/nf_tables", F_OK) == 0
    let hasModules = unsafe access("/proc/modules", F_OK) == 0
    return isLoaded || !hasModules
  }
}
