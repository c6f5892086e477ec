internal import Bytes
internal import DropModel

extension DropSite {
  /// Reads the kernel's `%pS`: `nft_do_chain+0x459/0x770 [nf_tables]`; nil if it is something else.
  ///
  /// NET_DM cuts it at 39 characters, so the end may be missing: what is not whole is left out.
  init?(address: UInt64, kernelNotation text: String) {
    let bytes = Array(text.utf8)
    var reader = ByteReader(bytes.span.raw)
    guard let name = reader.readReader(upTo: UInt8(ascii: "+"))?.rest.text, !name.isEmpty,
      reader.accept("0x"), let offset = reader.readHexadecimal()
    else { return nil }
    if reader.isAtEnd, bytes.count >= 39 { return nil }
    self.init(address: address, symbol: name, offset: offset)
    guard reader.accept("/0x"), let size = reader.readHexadecimal() else { return }
    // Without anything behind it, the size itself may have been cut.
    guard !reader.isAtEnd || bytes.count < 39 else { return }
    self.size = size
    guard reader.accept(" ["), let module = reader.readReader(upTo: UInt8(ascii: "]")) else {
      return
    }
    self.module = module.rest.text
  }
}
