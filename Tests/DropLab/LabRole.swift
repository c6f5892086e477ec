/// The part a namespace plays in a case, by which an expectation names it before it exists.
package enum LabRole: String, Sendable, CaseIterable {
  /// Where traffic starts, behind the device `va`.
  case a
  /// The system under test, behind `vb` or `tap0`; the router in a three-namespace lab.
  case b
  /// The far side of a router, behind `vd`.
  case c
}
