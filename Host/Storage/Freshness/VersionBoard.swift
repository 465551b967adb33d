import Foundation
package import HostModel
import Synchronization

/// Numbers that count writes, in memory that all hosts of a supervisor share: by them a kept answer shows its age.
///
/// A slot stands for the records of one entity in one business, another one for everything of a business; several may
/// share a slot. Slots only ever count up. Whoever writes counts before the commit is sent, and again when its outcome
/// is known and before anybody is told of it. Whoever keeps an answer reads the slots before it asks the database; as
/// long as they have the same numbers, every write that anybody was told of is in the answer. docs/CACHING.md has the
/// proof.
///
/// `@unchecked Sendable`: the memory is only touched through atomics, and is given back by the last owner.
@safe package final class VersionBoard: @unchecked Sendable {
    /// The shape of the memory. A host that meets another one counts every write as one of everything.
    static let layout: UInt64 = 0x5448_4F52_4231_0001
    /// Half a megabyte: at a thousand writes a second, one answer in sixty-five loses its second to a stranger's write.
    static let slotCount = 65_536
    private static let headWords = 8

    /// How large the shared memory has to be.
    package static let byteCount = (headWords + slotCount) * MemoryLayout<UInt64>.size

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let words: UnsafeMutablePointer<Atomic<UInt64>>
    private let mappedBytes: Int
    /// Whether another version of the host gave the memory another shape.
    private let isForeign: Bool

    /// Of this process alone.
    package convenience init() throws(Failure) {
        try self.init(flags: MAP_SHARED | MAP_ANONYMOUS, descriptor: -1)
    }

    /// Shared with all who have the descriptor, which may be closed afterwards.
    ///
    /// - Throws: ``Failure`` when it isn't memory of that size.
    package convenience init(sharing descriptor: Int32) throws(Failure) {
        var status = stat()
        // Sound: C writes into a local that outlives the call.
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size == Self.byteCount
        else { throw Failure(description: "shared memory of \(Self.byteCount) bytes is needed") }
        try self.init(flags: MAP_SHARED, descriptor: descriptor)
    }

    private init(flags: Int32, descriptor: Int32) throws(Failure) {
        let address = unsafe mmap(nil, Self.byteCount, PROT_READ | PROT_WRITE, flags, descriptor, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else {
            throw Failure(description: "the memory can't be mapped: \(errno)")
        }
        // Sound: the memory is that large, aligned to a page, and starts as zeros, which are the words' first values.
        unsafe words = unsafe address.bindMemory(to: Atomic<UInt64>.self, capacity: Self.headWords + Self.slotCount)
        mappedBytes = Self.byteCount
        let found = unsafe words[0].compareExchange(
            expected: 0, desired: Self.layout, ordering: .sequentiallyConsistent)
        isForeign = !found.exchanged && found.original != Self.layout
    }

    deinit {
        // Sound: nobody has the pointer any more.
        _ = unsafe munmap(words, mappedBytes)
    }

    /// Counts what a unit or a transaction writes; see the type for when.
    package func count(_ effects: SQLEffects, in business: BusinessID) {
        guard !effects.isNone else { return }
        guard !isForeign else { return add(to: Self.epoch) }
        let key = Self.key(business)
        if effects.isUnknown { add(to: Self.everything(key)) }
        for entity in effects.entities { add(to: Self.slot(key, entity)) }
    }

    /// Counts a write of everything in a business.
    package func countAll(in business: BusinessID) {
        add(to: isForeign ? Self.epoch : Self.everything(Self.key(business)))
    }

    /// The number of an answer that shows these entities; nil where none may be kept.
    ///
    /// A sum: each part only grows, so two equal sums have equal parts.
    package func number(of entities: [EntityMark], in business: BusinessID) -> UInt64? {
        guard !isForeign else { return nil }
        let key = Self.key(business)
        var sum = value(of: Self.epoch) &+ value(of: Self.everything(key))
        for entity in entities { sum &+= value(of: Self.slot(key, entity)) }
        return sum
    }

    // MARK: - Words

    /// The word that stands for everything of everybody, in every layout.
    private static let epoch = 1

    private func add(to word: Int) {
        // Sound: the word is one of those that were mapped. So below.
        unsafe words[word].wrappingAdd(1, ordering: .sequentiallyConsistent)
    }

    private func value(of word: Int) -> UInt64 { unsafe words[word].load(ordering: .sequentiallyConsistent) }

    private static func everything(_ business: UInt64) -> Int { place(mixed(business, 1)) }
    private static func slot(_ business: UInt64, _ entity: EntityMark) -> Int { place(mixed(business, entity.number)) }
    private static func place(_ hash: UInt64) -> Int { headWords + Int(hash & UInt64(slotCount - 1)) }

    /// The same in every process, which Swift's own hashes aren't.
    private static func key(_ business: BusinessID) -> UInt64 {
        let bytes = business.uuid.uuid
        let (low, high) = unsafe unsafeBitCast(bytes, to: (UInt64, UInt64).self)
        return mixed(low, high)
    }

    private static func mixed(_ one: UInt64, _ other: UInt64) -> UInt64 {
        let product = (one ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: other ^ 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low
    }
}
