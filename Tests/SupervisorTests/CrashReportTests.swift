import HostModel
import HostSupervisor
import Testing

struct CrashReportTests {
    @Test func `the failed instruction's plugin is blamed, and its operation named`() throws {
        let culprit = try #require(report(RecordBytes(mark: (2, 1), frames: [(7, 0x10), (0, 0x20)])).culprit)
        #expect(culprit.generation.plugin == "hs")
        #expect(culprit.operation == "second")
        #expect(culprit.sign == .address)
    }

    @Test func `a plugin that called what failed is blamed before the mark`() throws {
        let culprit = try #require(report(RecordBytes(mark: (3, 0), frames: [(0, 1), (7, 2)])).culprit)
        #expect(culprit.generation.plugin == "hs")
        #expect(culprit.operation == nil, "the mark is of another plugin")
        #expect(culprit.sign == .caller)
    }

    @Test func `without a frame of a plugin the mark counts, and without one the stack`() throws {
        let marked = try #require(report(RecordBytes(mark: (2, 0), frames: [(0, 1)])).culprit)
        #expect((marked.sign, marked.operation) == (.mark, "first"))
        let scanned = try #require(report(RecordBytes(frames: [(0, 1)], suspect: (7, 3))).culprit)
        #expect((scanned.sign, scanned.operation) == (.stack, nil))
    }

    @Test func `nobody is blamed for the host's own crash`() {
        #expect(report(RecordBytes(frames: [(0, 1), (1, 2)])).culprit == nil)
        #expect(report(RecordBytes(mark: (99, 0), frames: [])).culprit == nil, "no such generation")
        #expect(CrashReport([]).culprit == nil)
    }

    @Test func `a load that crashes is its plugin's, without an operation`() throws {
        let culprit = try #require(report(RecordBytes(mark: (2, .max), frames: [(0, 1)])).culprit)
        #expect(culprit.operation == nil)
        #expect(culprit.generation.version == "1.4.0")
    }

    @Test func `the stack names plugins and libraries`() {
        let report = report(RecordBytes(frames: [(7, 0x1a2b), (1, 0x3c), (0, 0x4d), (.max, 0x5e)]))
        #expect(report.stack == ["hs 1.4.0 +0x1a2b", "libswiftCore.so +0x3c", "thorbis +0x4d", "? +0x5e"])
    }

    @Test func `a record that is cut off, or zero, is none`() {
        let whole = RecordBytes(frames: [(0, 1)]).bytes
        #expect(CrashRecord(whole) != nil)
        #expect(CrashRecord(Array(whole.dropLast())) == nil)
        #expect(CrashRecord([UInt8](repeating: 0, count: CrashRecord.byteCount)) == nil)
        #expect(CrashRecord([]) == nil)
    }

    @Test func `more frames than there is room for are not read`() throws {
        #expect(try #require(CrashRecord(RecordBytes(frames: [], claimed: 9_999).bytes)).frames.count == 32)
    }

    @Test func `lines that were cut off are left out`() {
        let bytes = RecordBytes(frames: [(7, 1)]).bytes + Array("{\"generation\": 2, \"plug".utf8)
        #expect(CrashReport(bytes).culprit == nil)
    }

    @Test func `a tombstone is the same when it is read again`() throws {
        let death = Death.host(12, .signalled(11), at: Death.time(5))
        let report = report(RecordBytes(signal: 11, fault: 0x60, mark: (2, 1), frames: [(7, 1)]))
        let tombstone = try #require(Tombstone(death, report))
        #expect(Tombstone(tombstone.json) == tombstone)
        #expect(tombstone.fault == 0x60)
        #expect(
            tombstone.sentence == "host 12 died by signal 11 in hs 1.4.0 (operation second) while it started")
        #expect(Tombstone(Death.of(nil, at: 1).json) == Death.of(nil, at: 1))
    }

    @Test func `a host that only said what it misses left nothing to bury`() {
        let death = Death.host(12, .exited(code: 3), at: Death.time(5))
        #expect(Tombstone(death, CrashReport([])) == nil)
        let killed = Death.host(12, .signalled(9), at: Death.time(5))
        #expect(Tombstone(killed, CrashReport([]))?.kind == .killed)
        let grown = Death.host(12, .exited(code: HostExit.recycled), at: Death.time(5))
        #expect(Tombstone(grown, CrashReport([]))?.kind == .memory)
    }

    private func report(_ record: RecordBytes) -> CrashReport {
        let lines = """
            {"module": 0, "path": ""}
            {"module": 1, "path": "/usr/lib/libswiftCore.so"}
            {"module": 7, "path": "/proc/self/fd/9"}
            {"generation": 2, "plugin": "hs", "version": "1.4.0", "digest": "ab", "image": "/proc/self/fd/9", \
            "operations": ["first", "second"]}
            {"generation": 3, "plugin": "core", "version": "1.0.0", "digest": "cd", "image": "/proc/self/fd/8"}

            """
        return CrashReport(record.bytes + Array(lines.utf8))
    }
}

/// A record as the handler writes it.
struct RecordBytes {
    var kind: UInt32 = 1
    var signal: Int32 = 4
    var fault: UInt64 = 0
    var mark: (generation: UInt32, operation: UInt32) = (0, 0)
    var frames: [(module: UInt32, offset: UInt64)]
    var suspect: (module: UInt32, hits: UInt32) = (.max, 0)
    var claimed: UInt32?

    var bytes: [UInt8] {
        var bytes: [UInt8] = Array("THRBSCR1".utf8)
        add(kind, to: &bytes)
        add(signal, to: &bytes)
        add(UInt32(1), to: &bytes)
        add(UInt32(77), to: &bytes)
        add(UInt64(1_795_316_400), to: &bytes)
        add(fault, to: &bytes)
        for word in [mark.generation, mark.operation, suspect.module, suspect.hits] { add(word, to: &bytes) }
        add(claimed ?? UInt32(frames.count), to: &bytes)
        add(UInt32(0), to: &bytes)
        for frame in frames {
            add(frame.module, to: &bytes)
            add(UInt32(0), to: &bytes)
            add(frame.offset, to: &bytes)
        }
        return bytes + [UInt8](repeating: 0, count: CrashRecord.byteCount - bytes.count)
    }

    private func add<Number: FixedWidthInteger>(_ number: Number, to bytes: inout [UInt8]) {
        for place in 0..<(Number.bitWidth / 8) { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * place))) }
    }
}
