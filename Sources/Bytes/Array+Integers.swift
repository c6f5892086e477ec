extension [UInt8] {
  /// Appends an integer's bytes, least significant first unless told otherwise.
  ///
  /// What is `@inlinable` is `public`, for the reason given at ``ByteReader``.
  @inlinable
  public mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(
    integer value: Value, _ order: ByteOrder = .little
  ) {
    let ordered = order == .little ? value.littleEndian : value.bigEndian
    // Safe: the bytes of an integer are all initialised, and the pointer does not leave.
    unsafe Swift.withUnsafeBytes(of: ordered) { unsafe append(contentsOf: $0) }
  }
}
