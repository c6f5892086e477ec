/// Messages as kernel 6.1 sent them, received on x86-64; payloads of packets are cut at 42 bytes.
package enum KernelMessages {
  /// CTRL_CMD_NEWFAMILY, the answer to a look-up of NET_DM.
  package static let family = [UInt8](
    hex: """
      c4000000 1000 0000 01000000 8c000000  // 196 bytes, nlctrl, sequence 1, port 140
      01 02 0000                            // CTRL_CMD_NEWFAMILY, version 2
      0b00 0200 4e45545f444d00 00           // name "NET_DM", one byte of padding
      0600 0100 2000 0000                   // number 32
      0800 0300 02000000                    // version 2
      0800 0400 00000000                    // bytes of a header of its own: 0
      0800 0500 17000000                    // highest attribute: 23
      6800 0600                             // operations, which nobody here reads:
      1400 0100 0800010002000000 080002000b000000
      1400 0200 0800010003000000 080002000b000000
      1400 0300 0800010004000000 080002000b000000
      1400 0400 0800010006000000 080002000a000000
      1400 0500 0800010008000000 080002000a000000
      1c00 0700                             // groups:
      1800 0100                             // the first one:
      0800 0200 01000000                    // number 1
      0b00 0100 6576656e747300 00           // name "events"
      """)

  /// NLMSG_ERROR with code 0: done.
  package static let acknowledgement = [UInt8](
    hex: """
      24000000 0200 0001 05000000 8c000000  // 36 bytes, NLMSG_ERROR, NLM_F_CAPPED
      00000000                              // code 0
      14000000 2000 0500 05000000 00000000  // the request's header
      """)

  /// What START is answered with where monitoring is on: EAGAIN with a sentence.
  package static let alreadyOn = [UInt8](
    hex: """
      64000000 0200 0003 06000000 8c000000  // NLM_F_CAPPED | NLM_F_ACK_TLVS
      f5ffffff                              // -11: EAGAIN
      18000000 2000 0500 06000000 00000000  // the request's header
      3d00 0100                             // NLMSGERR_ATTR_MSG
      64726f705f6d6f6e69746f723a20547261636520737461746520616c72656164
      792073657420746f207265717565737465642073746174650000 0000
      """)

  /// What STOP is answered with where monitoring is off: success, and the same sentence.
  package static let alreadyOff = [UInt8](
    hex: """
      64000000 0200 0003 0a000000 8c000000
      00000000                              // code 0
      18000000 2000 0500 0a000000 00000000
      3d00 0100
      64726f705f6d6f6e69746f723a20547261636520737461746520616c72656164
      792073657420746f207265717565737465642073746174650000 0000
      """)

  /// What CONFIG is answered with where monitoring is on: EBUSY with a sentence.
  package static let busy = [UInt8](
    hex: """
      68000000 0200 0003 08000000 8c000000
      f0ffffff                              // -16: EBUSY
      1c000000 2000 0500 08000000 00000000
      4200 0100
      64726f705f6d6f6e69746f723a2043616e6e6f7420636f6e6669677572652064
      726f70206d6f6e69746f7220647572696e67206d6f6e69746f72696e6700 0000
      """)

  /// An attribute that is too long: EINVAL, a sentence, where, and the policy that it breaks.
  package static let invalidAttribute = [UInt8](
    hex: """
      70000000 0200 0003 0d000000 8c000000
      eaffffff                              // -22: EINVAL
      20000000 2000 0500 0d000000 00000000
      1d00 0100 696e76616c696420617474726962757465206c656e67746800 000000
      0800 0200 14000000                    // NLMSGERR_ATTR_OFFS: 20
      2400 0480                             // NLMSGERR_ATTR_POLICY, nested
      0c00 0400 0000000000000000
      0c00 0500 ff00000000000000
      0800 0100 02000000
      """)

  /// EPERM, without a sentence.
  package static let notPermitted = [UInt8](
    hex: """
      24000000 0200 0001 10000000 8c000000
      ffffffff                              // -1: EPERM
      18000000 2000 0500 10000000 00000000
      """)

  /// What a request to a family that has gone, and a look-up of one, is answered with: ENOENT.
  package static let noSuchFamily = [UInt8](
    hex: """
      24000000 0200 0001 0b000000 8c000000
      feffffff                              // -2: ENOENT
      14000000 3e00 0500 0b000000 00000000
      """)

  /// What a command is answered with that the family has not: EOPNOTSUPP.
  package static let noSuchCommand = [UInt8](
    hex: """
      24000000 0200 0001 02000000 8c000000
      a1ffffff                              // -95: EOPNOTSUPP
      14000000 1000 0500 02000000 00000000
      """)
}
