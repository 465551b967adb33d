import Foundation

/// Random numbers from a seed (SplitMix64): the same seed gives the same run.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// How long and from which seed fuzz tests run; `script/fuzz` sets both.
package enum Fuzz {
    /// `THORBIS_FUZZ_SEED`, else a new one.
    package static let seed =
        ProcessInfo.processInfo.environment["THORBIS_FUZZ_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...(.max))

    /// `THORBIS_FUZZ_MINUTES`; nil for the short run of the test suite.
    private static let minutes =
        ProcessInfo.processInfo.environment["THORBIS_FUZZ_MINUTES"].flatMap { Double($0) }

    /// Runs rounds, each with a generator of its own, and prints the seed first: a crash leaves it in the output.
    ///
    /// - Parameters:
    ///   - name: Of the test.
    ///   - rounds: How many in the short run.
    ///   - round: Gets its number and generator.
    package static func run(
        _ name: String, rounds: Int, _ round: (Int, inout SeededGenerator) async throws -> Void
    ) async throws {
        print("fuzz \(name): THORBIS_FUZZ_SEED=\(seed)")
        let end = minutes.map { ContinuousClock.now + .seconds($0 * 60) }
        var number = 0
        while end.map({ ContinuousClock.now < $0 }) ?? (number < rounds) {
            var generator = SeededGenerator(seed: seed &+ UInt64(number) &* 0x2545_F491_4F6C_DD1D)
            try await round(number, &generator)
            number += 1
        }
        print("fuzz \(name): \(number) rounds")
    }
}

/// Bytes and texts that parsers don't expect.
package enum Mutation {
    /// The same bytes with some of them changed, doubled, cut or put elsewhere.
    package static func of(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let place = bytes.isEmpty ? 0 : Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0 where !bytes.isEmpty: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 1 where !bytes.isEmpty: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: Array(pick(&generator).utf8), at: place)
            case 3 where !bytes.isEmpty: bytes.removeSubrange(place...)
            case 4 where !bytes.isEmpty:
                let end = Int.random(in: place..<bytes.count, using: &generator)
                bytes.insert(contentsOf: bytes[place...end], at: place)
            default: bytes.insert(UInt8(ascii: "\""), at: place)
            }
        }
        return bytes
    }

    /// A text that has broken parsers before.
    package static func pick(_ generator: inout SeededGenerator) -> String {
        texts.randomElement(using: &generator) ?? ""
    }

    private static let texts = [
        "{", "}", "[", "]", "\"", "\\", ",", ":", "null", "true", "-", "0", "1e999", "9223372036854775808", "-0", "0.5",
        "\\u0000", "\\ud800", "\\ud83d\\ude00", "é", "😀", "\u{301}", "%00", "%FF", "%", "+", "'", "';--", "$1", "\t",
        "\n", "{\"a\":1,\"a\":2}", "[[[[[[[[[[[[[[[[", "in:", "gte:", "null:", "filter[", "2026-02-30", "∞", "\u{202E}",
        "00000000-0000-0000-0000-000000000000", "1.", "01", "\\x", "\u{FEFF}",
    ]
}
