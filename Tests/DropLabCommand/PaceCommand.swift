import DropLab

/// Makes so many drops a second and prints what the kernel counted.
func pace(_ arguments: [String]) throws -> Bool {
  guard arguments.count == 2, let rate = Int(arguments[0]), let seconds = Int(arguments[1]),
    (1...5_000_000).contains(rate), (1...3600).contains(seconds)
  else { throw LabError("pace wants drops per second, up to 5,000,000, and up to 3,600 seconds") }
  let lab = try Lab()
  defer { lab.close() }
  let (_, b) = try lab.pair()
  let flood = try PacedFlood(lab, b).run(.badUDPChecksum(), rate: rate, for: .seconds(seconds))
  emit(line("UDP, bad checksum, at \(rate) per second", flood))
  return flood.counted == flood.requested
}
