internal import CLibBPF
internal import Glibc

/// A map of a loaded object: a view that is valid as long as its object.
///
/// Keys and values are C structures whose layout both sides share; a size that differs from the
/// map's is a programmer's error.
package struct BPFMap {
  private let descriptor: Int32
  private let keySize: Int
  /// Bytes of one CPU's value, rounded up to 8 as the kernel hands them over.
  private let valueStride: Int
  private let valueSize: Int
  /// Values per key: the possible CPUs for a per-CPU map, else 1.
  private let valueCount: Int

  /// The number of bytes or entries that the map was made with.
  package let capacity: UInt32

  init(_ map: OpaquePointer) {
    descriptor = unsafe bpf_map__fd(map)
    keySize = Int(unsafe bpf_map__key_size(map))
    valueSize = Int(unsafe bpf_map__value_size(map))
    capacity = unsafe bpf_map__max_entries(map)
    let type = unsafe bpf_map__type(map)
    let isPerCPU = type == BPF_MAP_TYPE_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_ARRAY
    valueStride = isPerCPU ? (valueSize + 7) & ~7 : valueSize
    valueCount = isPerCPU ? max(1, Int(libbpf_num_possible_cpus())) : 1
  }

  /// The descriptor, for a ring buffer's reader.
  var fileDescriptor: Int32 { descriptor }

  /// Stores a value under a key, whether or not it is there.
  package func set<Key: BitwiseCopyable, Value: BitwiseCopyable>(
    _ value: Value, for key: Key
  ) throws(BPFError) {
    precondition(MemoryLayout<Key>.size == keySize && MemoryLayout<Value>.size == valueSize)
    let code = unsafe withUnsafePointer(to: key) { key in
      unsafe withUnsafePointer(to: value) { value in
        unsafe bpf_map_update_elem(descriptor, key, value, UInt64(BPF_ANY))
      }
    }
    if code < 0 { throw BPFError("write to a BPF map", code: -code) }
  }

  /// The values of one key, one per CPU; empty if the key is not there.
  package func values<Key: BitwiseCopyable, Value: BitwiseCopyable>(
    for key: Key, as type: Value.Type = Value.self
  ) throws(BPFError) -> [Value] {
    precondition(MemoryLayout<Key>.size == keySize && MemoryLayout<Value>.size == valueSize)
    var bytes = [UInt8](repeating: 0, count: valueStride * valueCount)
    let code = unsafe withUnsafePointer(to: key) { key in
      unsafe bytes.withUnsafeMutableBytes {
        unsafe bpf_map_lookup_elem(descriptor, key, $0.baseAddress)
      }
    }
    if code == -ENOENT { return [] }
    if code < 0 { throw BPFError("read a BPF map", code: -code) }
    return unsafe bytes.withUnsafeBytes { bytes in
      (0..<valueCount).map {
        unsafe bytes.loadUnaligned(fromByteOffset: $0 * valueStride, as: Value.self)
      }
    }
  }

  /// Calls `body` with every key of a hash map and its values, one per CPU, in batches.
  ///
  /// What is added meanwhile may or may not be visited; what is there is visited once, as long as
  /// nobody deletes. 4,096 keys take 1 to 3 ms, ten times less than one call a key.
  package func forEach<Key: BitwiseCopyable, Value: BitwiseCopyable>(
    keys: Key.Type, values: Value.Type, _ body: (Key, [Value]) -> Void
  ) throws(BPFError) {
    precondition(MemoryLayout<Key>.size == keySize && MemoryLayout<Value>.size == valueSize)
    var room = 256
    var cursor = [UInt8](repeating: 0, count: max(keySize, 8))
    var isFirst = true
    var keyBytes = [UInt8]()
    var valueBytes = [UInt8]()
    var row: [Value] = []
    while true {
      if keyBytes.count != room * keySize {
        keyBytes = [UInt8](repeating: 0, count: room * keySize)
        valueBytes = [UInt8](repeating: 0, count: room * valueStride * valueCount)
      }
      var next = cursor
      var count = UInt32(room)
      let code = unsafe cursor.withUnsafeMutableBytes { cursor in
        unsafe next.withUnsafeMutableBytes { next in
          unsafe keyBytes.withUnsafeMutableBytes { keys in
            unsafe valueBytes.withUnsafeMutableBytes { values in
              unsafe bpf_map_lookup_batch(
                descriptor, isFirst ? nil : cursor.baseAddress, next.baseAddress,
                keys.baseAddress, values.baseAddress, &count, nil)
            }
          }
        }
      }
      // A hash bucket is never split over two batches; one that does not fit needs more room.
      if code == -ENOSPC {
        room *= 2
        continue
      }
      if code < 0 && code != -ENOENT { throw BPFError("read a BPF map", code: -code) }
      unsafe keyBytes.withUnsafeBytes { keys in
        unsafe valueBytes.withUnsafeBytes { values in
          for index in 0..<Int(count) {
            row.removeAll(keepingCapacity: true)
            for value in index * valueCount..<(index + 1) * valueCount {
              row.append(
                unsafe values.loadUnaligned(
                  fromByteOffset: value * valueStride, as: Value.self))
            }
            body(
              unsafe keys.loadUnaligned(fromByteOffset: index * keySize, as: Key.self), row)
          }
        }
      }
      if code == -ENOENT { return }
      cursor = next
      isFirst = false
    }
  }
}
