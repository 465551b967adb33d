import Testing

// The reader of ELF files is no other room's business, so it isn't package API.
@testable import HostPlugins

struct ELFFileTests {
    @Test func `a shared library tells its name, its needs and its symbols`() throws {
        let file = try ELFFile(try BuildFolder.bytes("libPluginAPI.so"))
        let dynamic = try ELFDynamic(file)
        #expect(dynamic.soname == "libPluginAPI.so")
        #expect(dynamic.needed.contains("libswiftCore.so"))
        #expect(!dynamic.isNoDelete)
        let symbols = try ELFSymbols(file)
        // Bare truths: a failed expectation over the lists would print thousands of names.
        let hasProtocol = symbols.exports.contains("$s9PluginAPI08VerticalA0Mp")
        let usesRuntime = symbols.imports.contains { $0.hasPrefix("swift_") }
        #expect(hasProtocol && usesRuntime)
    }

    @Test func `a library of the Swift compiler carries its signature`() throws {
        let toolchain = try ELFFile(try BuildFolder.bytes("libPluginAPI.so")).swiftToolchain()
        #expect(toolchain?.contains("swiftlang/llvm-project") == true)
    }

    @Test func `PluginAPI declares no retroactive conformance`() throws {
        #expect(try ELFFile(try BuildFolder.bytes("libPluginAPI.so")).retroactiveConformances() == 0)
    }

    @Test(arguments: [[], [0x7F], Array("#!/bin/sh\n".utf8), Array(repeating: 0, count: 64)] as [[UInt8]])
    func `what is no ELF file is told apart`(bytes: [UInt8]) {
        #expect(throws: ELFError.foreign("no ELF file")) { try ELFFile(bytes) }
    }

    @Test func `an executable is no shared library of this machine`() throws {
        var bytes = try BuildFolder.bytes("libPluginAPI.so")
        bytes[16] = 2
        #expect(throws: ELFError.foreign("an ELF file of type 2, not a shared object")) { try ELFFile(bytes) }
        bytes[16] = 3
        bytes[18] = 8
        #expect(throws: ELFError.foreign("made for the ELF machine 8")) { try ELFFile(bytes) }
    }

    @Test func `any damage is refused or harmless, and never traps`() throws {
        let sound = try BuildFolder.bytes("libPluginAPI.so")
        var random = SplitMix64(state: 0x7468_6F72_6269_7321)
        var refused = 0
        for round in 0..<120 {
            let bytes = round.isMultiple(of: 3) ? truncated(sound, &random) : flipped(sound, &random)
            do { try readAll(bytes) } catch { refused += 1 }
        }
        #expect(refused > 40)
    }

    /// Every part of the reader, as the verifier uses it.
    private func readAll(_ bytes: [UInt8]) throws(ELFError) {
        let file = try ELFFile(bytes)
        _ = try ELFDynamic(file)
        _ = try file.retroactiveConformances()
        _ = try file.swiftToolchain()
        _ = try PluginNote(file)
        _ = try ELFSymbols(file)
    }

    private func truncated(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        Array(bytes[..<Int.random(in: 0..<bytes.count, using: &random)])
    }

    /// Hits where offsets are: the header, the segment and section tables, the dynamic section, anywhere.
    private func flipped(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var bytes = bytes
        let tables = bytes.count - 64 * 60
        let regions = [16..<64, 64..<600, tables..<bytes.count, 0..<bytes.count]
        for _ in 0..<Int.random(in: 1...24, using: &random) {
            let region = regions.randomElement(using: &random) ?? 0..<1
            bytes[Int.random(in: region, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        return bytes
    }
}

/// A generator that gives the same numbers in each run (Steele, Lea, Flood 2014).
private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
