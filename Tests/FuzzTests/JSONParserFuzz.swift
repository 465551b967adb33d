import Foundation
import HostModel
import TestSupport
import Testing

/// The gate of every body: it never traps, reads back what it wrote, and agrees with Foundation on the grammar.
struct JSONParserFuzz {
    @Test func `values come back as they were written`() async throws {
        try await Fuzz.run("JSON round trip", rounds: 2_000) { _, generator in
            let value = Self.value(depth: 5, &generator)
            let again = try JSONParser.parse(value.utf8)
            #expect(again == value, "\(value.text)")
        }
    }

    @Test func `any bytes are read or refused, as by Foundation`() async throws {
        try await Fuzz.run("JSON mutations", rounds: 5_000) { _, generator in
            let bytes = Mutation.of(Self.value(depth: 3, &generator).utf8, using: &generator)
            let verdict: JSONParser.Failure.Reason?
            do throws(JSONParser.Failure) {
                let value = try JSONParser.parse(bytes)
                let again = try JSONParser.parse(value.utf8)
                #expect(again == value)
                verdict = nil
            } catch {
                #expect((0...bytes.count).contains(error.offset))
                verdict = error.reason
            }
            // What we refuse and Foundation needn't: two members of one name, 64 levels, integers beyond 64 bits,
            // U+0000, other encodings than UTF-8 and a byte order mark.
            if verdict == nil || verdict == .syntax, Self.isComparable(bytes) {
                let isRead = (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
                #expect(isRead == (verdict == nil), "\(String(decoding: bytes, as: UTF8.self))")
            }
        }
    }

    private static func isComparable(_ bytes: [UInt8]) -> Bool {
        !bytes.contains(0) && !bytes.starts(with: [0xEF, 0xBB, 0xBF])
            && String(validating: bytes, as: UTF8.self)?.contains("\\u0000") == false
    }

    /// A value without fractions, which texts needn't give back to the last bit.
    static func value(depth: Int, _ generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 4), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2: return .int(Int64.random(in: .min ... .max, using: &generator))
        case 3: return .string(text(&generator))
        case 4, 5:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0..<4, using: &generator) {
                object[text(&generator)] = value(depth: depth - 1, &generator)
            }
            return .object(object)
        default:
            return .array(
                (0..<Int.random(in: 0..<4, using: &generator)).map { _ in value(depth: depth - 1, &generator) })
        }
    }

    private static func text(_ generator: inout SeededGenerator) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0..<8, using: &generator) {
            let number = UInt32.random(in: 1...(Bool.random(using: &generator) ? 0x7F : 0x10_FFFF), using: &generator)
            if let scalar = Unicode.Scalar(number) { scalars.append(scalar) }
        }
        return String(scalars)
    }
}
