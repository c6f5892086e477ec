extension RawSpan {
  /// A number that stands for these bytes: FNV-1a with 64 bits.
  ///
  /// The same everywhere and always, unlike `hashValue`; no protection against people who mean
  /// harm. A byte costs a nanosecond. Source: draft-eastlake-fnv, section 2.
  package var fnv1a: UInt64 {
    // Safe: the pointer does not leave the closure.
    unsafe withUnsafeBytes { bytes in
      unsafe bytes.reduce(0xCBF2_9CE4_8422_2325) { digest, byte in
        (digest ^ UInt64(byte)) &* 0x100_0000_01B3
      }
    }
  }
}
