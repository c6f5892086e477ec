import Glibc

extension [UInt8] {
  /// Reads a large file of sysfs that never changes, such as /sys/kernel/btf/vmlinux.
  ///
  /// sysfs hands out 4 KiB for each read(2), which makes 6 ms of 5 MiB; from 6.16 the kernel's
  /// types can be mapped instead (kernel/bpf/sysfs_btf.c), and one copy takes a third of that.
  /// What cannot be mapped is read. Not for files that may shrink: a mapping would fault.
  package init(contentsOfBlob path: String) throws(FileError) {
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(.open, path: path, code: errno) }
    defer { _ = close(descriptor) }
    var status = stat()
    let size = unsafe fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    let mapping = unsafe mmap(nil, Swift.max(size, 1), PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard size > 0, let mapping = unsafe mapping, unsafe mapping != MAP_FAILED else {
      self = try [UInt8](contentsOfFile: path, sizeHint: 8 << 20)
      return
    }
    // Safe: the kernel has mapped `size` bytes, which stay until they are unmapped below.
    self = unsafe [UInt8](UnsafeRawBufferPointer(start: mapping, count: size))
    _ = unsafe munmap(mapping, size)
  }
}
