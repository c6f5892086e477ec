import Bytes
import Diagnosis
import DropModel
import DropSources
import Glibc
import Testing

@testable import Recording

/// What is recorded and read again.
struct RecordingTests {
  private let scratch = Scratch()

  private func recorded(
    seconds: Int, names: SampleNames = SampleNames(), ending: Bool = true
  ) throws -> RecordingFile {
    let sink = try RecordingSink(RecordingPath(scratch.file()), context: Sample.context)
    try Sample.record(into: sink, seconds: seconds, names: names, ending: ending)
    return try RecordingFile(path: scratch.file())
  }

  @Test func `the run is told as it was, and nothing is missing`() throws {
    let file = try recorded(seconds: 3)
    let (session, expected) = (file.run.session, Sample.session)
    #expect(session.source == expected.source)
    #expect(session.kernel == expected.kernel && session.host == expected.host)
    #expect(session.started == expected.started && session.filter == expected.filter)
    #expect(file.run.context == Sample.context)
    #expect(file.run.isLast && file.run.part == 1)
    #expect(file.notes.isEmpty && !file.isDamaged)
    #expect(file.intervals.count == 3)
    let gained = Loss(seen: 10, tallied: 9, excluded: 1, offered: 6, delivered: 6)
    #expect(file.intervals[1].gained == gained)
  }

  @Test func `an ended recording is one file that only its owner reads`() throws {
    _ = try recorded(seconds: 1)
    #expect(scratch.files == ["drops.db"])
    var status = stat()
    unsafe stat(scratch.file(), &status)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  @Test func `every interval comes back with its numbers`() throws {
    let source = RecordingSource(
      try recorded(seconds: 3), advancingBy: .seconds(1), handsOver: true)
    for second in 0..<3 {
      var batch = DropBatch()
      try source.read(into: &batch)
      let drops = UInt64(5 + second)
      let expected = [
        Sample.tally(Sample.udp, drops, at: Double(second)),
        Sample.tally(Sample.queued, 2, at: Double(second)),
        Sample.tally(Sample.trap, 1, at: Double(second)),
      ]
      #expect(batch.tallies.sorted { $0.counts.drops > $1.counts.drops } == expected)
      #expect(batch.packets.packets.count == Int(drops))
      #expect(batch.notes == (second == 1 ? ["a note"] : []))
      #expect(batch.loss.isConserved)
      #expect(batch.clock == Sample.clock)
    }
    #expect(source.isAtEnd)
  }

  @Test func `packets come back byte for byte with socket and stack`() throws {
    let source = RecordingSource(try recorded(seconds: 1), handsOver: true)
    var expected = DropBatch()
    for number in 0..<UInt64(5) {
      Sample.append(
        Sample.udp, at: Double(number) / 100, owner: number == 0 ? nil : Sample.owner,
        stack: number == 0 ? [] : [0xffff_ffff_8100_0000 + number % 2, 0xffff_ffff_8100_0030],
        to: &expected.packets)
    }
    var batch = DropBatch()
    try source.readPackets(into: &batch)
    #expect(batch.packets.storage == expected.packets.storage)
    #expect(batch.packets.packets.count == 5)
    for (read, written) in zip(batch.packets.packets, expected.packets.packets) {
      #expect("\(read)" == "\(written)")
    }
  }

  @Test func `names come back as they were`() throws {
    let sample = SampleNames()
    let names = RecordedNames(try recorded(seconds: 2, names: sample))
    for key in [Sample.udp, Sample.queued, Sample.trap] {
      #expect(names.drop(for: key) == sample.drop(for: key))
    }
    #expect(names.owner(of: Sample.owner) == sample.owner(of: Sample.owner))
    let frame: UInt64 = 0xffff_ffff_8100_0030
    #expect(names.site(at: frame) == sample.site(at: frame))
    #expect(names.site(at: 5) == DropSite(address: 5))
  }

  @Test func `names are asked for once, and again only if nobody knew them`() throws {
    let names = SampleNames()
    _ = try recorded(seconds: 4, names: names)
    let questions = names.questions
    let other = Scratch()
    let sink = try RecordingSink(RecordingPath(other.file()))
    try Sample.record(into: sink, seconds: 8, names: names)
    #expect(names.questions == 2 * questions)
  }

  @Test func `a namespace that gets its name later is named in the end`() throws {
    let names = SampleNames()
    names.knowsNamespaces = false
    let sink = try RecordingSink(RecordingPath(scratch.file()))
    try sink.begin(Sample.session)
    for second in [0.0, 1] {
      var batch = DropBatch()
      batch.tallies = [Sample.tally(Sample.udp, 1, at: second)]
      try sink.take(batch, names: names)
      try sink.show(Sample.report(at: second, Loss()), notes: [])
      names.knowsNamespaces = true
    }
    try sink.end(Sample.summary(at: 2))
    let read = RecordedNames(try RecordingFile(path: scratch.file()))
    #expect(read.drop(for: Sample.udp).namespace?.name == "red")
  }

  @Test func `all at once is the sum of the intervals`() throws {
    let source = RecordingSource(try recorded(seconds: 3), handsOver: false)
    var batch = DropBatch()
    try source.read(into: &batch)
    #expect(source.isAtEnd)
    #expect(batch.packets.packets.isEmpty)
    let udp = batch.tallies.first { $0.key == Sample.udp }
    let counts = Counts(drops: 18, bytes: 18 * 42, segments: 36)
    #expect(udp?.counts == counts)
    #expect(udp?.first == Sample.time(0) && udp?.last == Sample.time(2.25))
    #expect(batch.loss == Loss(seen: 30, tallied: 27, excluded: 3, offered: 18, delivered: 18))
  }

  @Test func `ranges side by side count everything once`() throws {
    let file = try recorded(seconds: 4)
    let cut = Sample.time(2.2).wallTime(Sample.clock)
    let ranges = [
      WallTime(nanoseconds: .min)..<cut, cut..<WallTime(nanoseconds: .max),
    ]
    var drops: [UInt64] = []
    var packets: [Int] = []
    for range in ranges {
      let source = RecordingSource(file, range: range, handsOver: true)
      var batch = DropBatch()
      try source.read(into: &batch)
      drops.append(batch.tallies.reduce(0) { $0 + $1.counts.drops })
      packets.append(batch.packets.packets.count)
    }
    // 5 and 6 in the first two seconds, 7 and 8 in the others, and 3 of other kinds in each.
    #expect(drops == [17, 21])
    #expect(packets == [11, 15])
  }

  @Test(arguments: [1, 3, 5])
  func `files that were rotated hold everything together, each complete`(count: Int) throws {
    let sink = try RecordingSink(
      RecordingPath(scratch.file(), count: count), rotationBytes: 1, context: Sample.context)
    try Sample.record(into: sink, seconds: 4)
    let expected = min(count, 4)
    #expect(scratch.files.count == expected)
    #expect(sink.progress.files == 4)
    for number in 0..<expected {
      let path = number == 0 ? scratch.file() : scratch.file("drops.db.\(number)")
      let file = try RecordingFile(path: path)
      #expect(file.run.part == 4 - number)
      #expect(file.run.isLast == (number == 0))
      let names = RecordedNames(file)
      #expect(names.drop(for: Sample.udp) == SampleNames().drop(for: Sample.udp))
      let source = RecordingSource(file, handsOver: true)
      var batch = DropBatch()
      try source.read(into: &batch)
      let drops = UInt64(8 - number)
      let loss = Loss(
        seen: drops + 4, tallied: drops + 3, excluded: 1, offered: drops, delivered: drops)
      #expect(batch.loss == loss)
      #expect(batch.packets.packets.count == Int(drops))
    }
  }

  @Test func `a file that is there stays as it is`() throws {
    _ = try recorded(seconds: 1)
    let before = try [UInt8](contentsOfFile: scratch.file())
    let error = #expect(throws: RecordingError.self) {
      try RecordingSink(RecordingPath(scratch.file()))
    }
    #expect(error?.description.contains("exists already") == true)
    #expect(try [UInt8](contentsOfFile: scratch.file()) == before)
    let sink = try RecordingSink(RecordingPath(scratch.file()), overwrites: true)
    try Sample.record(into: sink, seconds: 2)
    #expect(try RecordingFile(path: scratch.file()).intervals.count == 2)
  }

  @Test func `what is no recording is not overwritten`() throws {
    let file = unsafe fopen(scratch.file(), "w")
    unsafe fputs("precious", file)
    unsafe fclose(file)
    let error = #expect(throws: RecordingError.self) {
      try RecordingSink(RecordingPath(scratch.file()), overwrites: true)
    }
    #expect(error?.description.contains("not overwritten") == true)
    #expect(try [UInt8](contentsOfFile: scratch.file()) == Array("precious".utf8))
  }

  @Test func `what was not ended is read as far as it was made safe`() throws {
    let file = try recorded(seconds: 3, ending: false)
    #expect(file.intervals.count == 3)
    #expect(file.notes.count == 1 && file.notes[0].contains("not ended properly"))
    #expect(!file.isDamaged)
  }

  @Test func `a loss that only its end shows is the interval's`() throws {
    let sink = try RecordingSink(RecordingPath(scratch.file()))
    try sink.begin(Sample.session)
    var loss = Loss(seen: 5, tallied: 5)
    try sink.show(Sample.report(at: 1, loss), notes: [])
    loss.missed = 7
    loss.isInterrupted = true
    try sink.show(Sample.report(at: 2, loss, isLast: true), notes: [])
    try sink.end(Sample.summary(at: 2))
    let file = try RecordingFile(path: scratch.file())
    #expect(file.intervals.map(\.gained.missed) == [0, 7])
    #expect(file.intervals.map(\.gained.isInterrupted) == [false, true])
  }
}
