import Foundation
import HostModel
import HostStorage
import Testing

struct VersionBoardTests {
    // Fixed, since two random ones could share a slot.
    private static let ann = BusinessID(UUID(uuid: (1, 2, 3, 4, 5, 6, 0x70, 8, 0x80, 9, 10, 11, 12, 13, 14, 15)))
    private static let bob = BusinessID(UUID(uuid: (1, 2, 3, 4, 5, 6, 0x70, 8, 0x80, 9, 10, 11, 12, 13, 14, 16)))
    private static let order = EntityMark("hs.work_order")
    private static let party = EntityMark("core.party")

    private func effects(_ effects: SQLEffect...) -> SQLEffects {
        SQLEffects(of: effects.map { SQLCommand(SQLStatement(name: nil, text: "", effect: $0), []) })
    }

    @Test func `a write changes the number of what shows its entity in its business, and no other`() throws {
        let board = try VersionBoard()
        let number = { (entities: [EntityMark], business: BusinessID) in board.number(of: entities, in: business) }
        let before = [number([Self.order], Self.ann), number([Self.party], Self.ann), number([Self.order], Self.bob)]
        let both = number([Self.party, Self.order], Self.ann)
        board.count(effects(.records(Self.order)), in: Self.ann)
        #expect(number([Self.order], Self.ann) != before[0])
        #expect(number([Self.party, Self.order], Self.ann) != both)
        #expect(number([Self.party], Self.ann) == before[1])
        #expect(number([Self.order], Self.bob) == before[2])
    }

    @Test func `what nobody said counts as everything of the business`() throws {
        let board = try VersionBoard()
        let numbers = { [board.number(of: [Self.order], in: Self.ann), board.number(of: [], in: Self.ann)] }
        for count in [
            { board.count(effects(.none, .unknown), in: Self.ann) }, { board.countAll(in: Self.ann) },
        ] {
            let (before, other) = (numbers(), board.number(of: [Self.order], in: Self.bob))
            count()
            #expect(zip(before, numbers()).allSatisfy { $0 != $1 })
            #expect(board.number(of: [Self.order], in: Self.bob) == other)
        }
        let before = numbers()
        board.count(effects(.none, .none), in: Self.ann)
        #expect(numbers() == before)
    }

    @Test func `hosts that share the memory see each other's writes`() throws {
        try withMemory { descriptor in
            let (one, other) = (try VersionBoard(sharing: descriptor), try VersionBoard(sharing: descriptor))
            let before = other.number(of: [Self.order], in: Self.ann)
            #expect(before == one.number(of: [Self.order], in: Self.ann))
            one.count(effects(.records(Self.order)), in: Self.ann)
            #expect(other.number(of: [Self.order], in: Self.ann) != before)
        }
    }

    @Test func `a host of another layout keeps nothing, and its writes count as everything`() throws {
        try withMemory { descriptor in
            let known = try VersionBoard(sharing: descriptor)
            let before = known.number(of: [Self.party], in: Self.bob)
            try write(word: 0x5448_4F52_FFFF_FFFF, to: descriptor)
            let foreign = try VersionBoard(sharing: descriptor)
            #expect(foreign.number(of: [Self.party], in: Self.bob) == nil)
            foreign.count(effects(.records(Self.order)), in: Self.ann)
            let after = known.number(of: [Self.party], in: Self.bob)
            #expect(after != before)
            foreign.countAll(in: Self.ann)
            #expect(known.number(of: [Self.party], in: Self.bob) != after)
        }
    }

    @Test func `what isn't such memory is refused`() throws {
        let ends = Pipe()
        #expect(throws: VersionBoard.Failure.self) {
            try VersionBoard(sharing: ends.fileHandleForReading.fileDescriptor)
        }
        try withMemory(bytes: VersionBoard.byteCount - 8) { descriptor in
            #expect(throws: VersionBoard.Failure.self) { try VersionBoard(sharing: descriptor) }
        }
        #expect(throws: VersionBoard.Failure.self) { try VersionBoard(sharing: -1) }
    }

    @Test func `no count is lost when many count at once`() async throws {
        let board = try VersionBoard()
        let before = try #require(board.number(of: [Self.order], in: Self.ann))
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<4 {
                tasks.addTask {
                    for _ in 0..<5_000 { board.count(self.effects(.records(Self.order)), in: Self.ann) }
                }
            }
        }
        #expect(board.number(of: [Self.order], in: Self.ann) == before + 20_000)
    }

    // MARK: - Memory

    private func withMemory(bytes: Int = VersionBoard.byteCount, _ body: (Int32) throws -> Void) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "board-\(UUID())")
        // Sound: C borrows the string for the call.
        let descriptor = unsafe open(file.path(), O_RDWR | O_CREAT | O_EXCL, 0o600)
        try #require(descriptor >= 0)
        defer {
            close(descriptor)
            try? FileManager.default.removeItem(at: file)
        }
        try #require(ftruncate(descriptor, off_t(bytes)) == 0)
        try body(descriptor)
    }

    private func write(word: UInt64, to descriptor: Int32) throws {
        var word = word
        // Sound: the local outlives the call, and has that many bytes.
        try #require(unsafe pwrite(descriptor, &word, 8, 0) == 8)
    }
}
