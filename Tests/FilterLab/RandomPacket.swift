/// An Ethernet frame with random headers whose fields come from small pools, so that filters hit;
/// now and then cut off, or nothing but noise.
package struct RandomPacket: Sendable {
  /// What was captured of it.
  package private(set) var bytes: [UInt8] = []
  /// How long it was.
  package private(set) var length = 0

  private static let macs: [[UInt8]] = [
    [2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2], [255, 255, 255, 255, 255, 255], [1, 0, 0x5E, 0, 0, 1],
    [0x33, 0x33, 0, 0, 0, 1],
  ]
  private static let hosts: [[UInt8]] = [
    [10, 0, 0, 1], [10, 0, 0, 2], [10, 1, 2, 3], [192, 168, 1, 1], [172, 16, 5, 9],
    [224, 0, 0, 1], [255, 255, 255, 255],
  ]
  private static let hosts6: [[UInt8]] = [
    [0xFD, 0] + zeros(13) + [1], [0xFD, 0] + zeros(13) + [2],
    [0x20, 0x01, 0x0D, 0xB8] + zeros(11) + [9], [0xFF, 2] + zeros(13) + [1],
  ]
  private static let ports: [UInt16] = [9, 10, 22, 53, 80, 123, 443, 4789, 6081, 8080, 40_000]
  private static let transports: [UInt8] = [1, 2, 6, 17, 17, 6, 41, 47, 50, 51, 58, 89, 103, 132]

  private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

  package init(using generator: inout some RandomNumberGenerator) {
    if Int.random(in: 0..<10, using: &generator) == 0 {
      addNoise(Int.random(in: 0...120, using: &generator), &generator)
    } else {
      addFrame(&generator)
    }
    length = bytes.count
    if Int.random(in: 0..<4, using: &generator) == 0 {
      bytes.removeLast(Int.random(in: 0...bytes.count, using: &generator))
    } else if Int.random(in: 0..<8, using: &generator) == 0 {
      length += Int.random(in: 1...1400, using: &generator)
    }
  }

  private mutating func add(_ number: UInt16) {
    bytes += [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)]
  }

  private mutating func addNoise(_ count: Int, _ generator: inout some RandomNumberGenerator) {
    for _ in 0..<count { bytes.append(.random(in: 0...255, using: &generator)) }
  }

  private mutating func addFrame(_ generator: inout some RandomNumberGenerator) {
    bytes += Self.macs[.random(in: 0..<5, using: &generator)]
    bytes += Self.macs[.random(in: 0..<2, using: &generator)]
    for _ in 0..<[0, 0, 0, 1, 1, 2][.random(in: 0..<6, using: &generator)] {
      add(Bool.random(using: &generator) ? 0x8100 : 0x88A8)
      add([5, 100, 0x2005][.random(in: 0..<3, using: &generator)])
    }
    switch Int.random(in: 0..<16, using: &generator) {
    case 0: addARP(&generator)
    case 1:
      add(0x88B5)
      addNoise(.random(in: 0...50, using: &generator), &generator)
    case 2:
      add(0x8847)
      bytes += [0, 0x3E, 0x81, 64]
      addIPv4(&generator)
    case 3:
      add(0x8864)
      bytes += [0x11, 0, 0, 1, 0, 60, 0, 0x21]
      addIPv4(&generator)
    case 4:
      // IEEE 802.3: a length, and LLC; spanning tree if it is 0x42.
      add(UInt16.random(in: 3...60, using: &generator))
      bytes += Bool.random(using: &generator) ? [0x42, 0x42, 3] : [0xAA, 0xAA, 3]
      addNoise(.random(in: 0...40, using: &generator), &generator)
    case 5...9:
      add(0x86DD)
      addIPv6(&generator)
    default:
      add(0x0800)
      addIPv4(&generator)
    }
  }

  private mutating func addARP(_ generator: inout some RandomNumberGenerator) {
    add(Bool.random(using: &generator) ? 0x0806 : 0x8035)
    bytes += [0, 1, 8, 0, 6, 4, 0, UInt8.random(in: 1...2, using: &generator)]
    for _ in 0..<2 {
      bytes += Self.macs[.random(in: 0..<5, using: &generator)]
      bytes += Self.hosts[.random(in: 0..<7, using: &generator)]
    }
  }

  private mutating func addIPv4(_ generator: inout some RandomNumberGenerator) {
    let options = [0, 0, 0, 1, 3, 10][.random(in: 0..<6, using: &generator)]
    let transport = Self.transports[.random(in: 0..<Self.transports.count, using: &generator)]
    let payload = Self.payload(&generator)
    let start = bytes.count
    bytes += [0x40 | UInt8(5 + options), [0, 0xB8, 3][.random(in: 0..<3, using: &generator)]]
    add(UInt16(20 + 4 * options + 20 + payload))
    add(UInt16.random(in: 0...65_535, using: &generator))
    add([0, 0, 0, 0x4000, 0x2000, 0x00B9][.random(in: 0..<6, using: &generator)])
    bytes += [[1, 4, 64, 255][.random(in: 0..<4, using: &generator)], transport]
    addNoise(2, &generator)
    for _ in 0..<2 { bytes += Self.hosts[.random(in: 0..<7, using: &generator)] }
    addNoise(4 * options, &generator)
    addTransport(transport, payload, &generator)
    // Some lengths are wrong.
    if Int.random(in: 0..<10, using: &generator) == 0 { bytes[start + 3] ^= 0x55 }
  }

  private mutating func addIPv6(_ generator: inout some RandomNumberGenerator) {
    let transport = Self.transports[.random(in: 0..<Self.transports.count, using: &generator)]
    let extended = Int.random(in: 0..<4, using: &generator) == 0
    let payload = Self.payload(&generator)
    bytes += [0x60, 0, 0, 0]
    add(UInt16(payload + 20))
    let first: UInt8 = extended ? [0, 44, 60][.random(in: 0..<3, using: &generator)] : transport
    bytes += [first, 64]
    for _ in 0..<2 { bytes += Self.hosts6[.random(in: 0..<4, using: &generator)] }
    if extended { bytes += [transport, 0, 0, 1, 0, 0, 0, 7] }
    addTransport(transport, payload, &generator)
  }

  private mutating func addTransport(
    _ transport: UInt8, _ payload: Int, _ generator: inout some RandomNumberGenerator
  ) {
    switch transport {
    case 1: bytes += [[0, 3, 8, 11][.random(in: 0..<4, using: &generator)], 3, 0, 0, 0, 1, 0, 1]
    case 58: bytes += [[128, 135, 1][.random(in: 0..<3, using: &generator)], 0, 0, 0, 0, 0, 0, 0]
    case 6, 17, 132:
      for _ in 0..<2 { add(Self.ports[.random(in: 0..<Self.ports.count, using: &generator)]) }
      if transport == 17 {
        add(UInt16(payload + 8))
        add(0)
        // As VXLAN and Geneve begin, with and without their flags and protocol.
        if Bool.random(using: &generator) { bytes += [8, 0, 0x65, 0x58, 0, 0, 5, 0] }
      } else {
        addNoise(8, &generator)
        bytes += [[0x50, 0x80, 0xF0][.random(in: 0..<3, using: &generator)]]
        bytes += [
          [2, 16, 18, 4, 24][.random(in: 0..<5, using: &generator)], 0xFF, 0xFF, 0, 0, 0, 0,
        ]
      }
    default: addNoise(8, &generator)
    }
    if Bool.random(using: &generator) { bytes += Array("GET ".utf8) }
    bytes += [UInt8](repeating: 0x78, count: payload)
  }

  private static func payload(_ generator: inout some RandomNumberGenerator) -> Int {
    [0, 1, 18, 100, 300, 1000][.random(in: 0..<6, using: &generator)]
  }
}
