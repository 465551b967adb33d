import Foundation
import HostModel

/// Texts of a given form. The rows have CHECKs of their own, which are never stricter than these.
enum TextFormat {
    /// The lower-case form, as PostgreSQL prints it.
    static func uuid(_ text: String) throws(Breach) -> String {
        guard let id = RecordID(text) else { throw .format("a UUID") }
        return id.description
    }

    /// In UTC with microseconds.
    static func timestamp(_ text: String) throws(Breach) -> String {
        guard let normalised = Timestamp(rfc3339: text)?.rfc3339 else {
            throw .format("a time with an offset such as 2026-11-22T15:00:00Z")
        }
        return normalised
    }

    /// In hours, minutes and seconds.
    static func duration(_ text: String, in min: Int64, _ max: Int64) throws(Breach) -> String {
        guard let duration = WholeSeconds(iso8601: text) else {
            throw .format("a duration such as PT1H30M or P2D; years, months and fractions have no fixed length")
        }
        guard duration.seconds >= min else { throw .min(WholeSeconds(min).iso8601) }
        guard duration.seconds <= max else { throw .max(WholeSeconds(max).iso8601) }
        return duration.iso8601
    }

    static func checkDate(_ text: String) throws(Breach) {
        guard CalendarDay(text) != nil else { throw .format("a date such as 2026-11-22") }
    }

    /// One `@`, something on both sides, no white space. What an address is beyond that, only its server knows.
    static func checkEmail(_ text: String) throws(Breach) {
        let sign = UInt8(ascii: "@")
        let signs = text.utf8.count { $0 == sign }
        guard signs == 1, text.utf8.first != sign, text.utf8.last != sign, text.unicodeScalars.count <= 320,
            !text.unicodeScalars.contains(where: isWhitespace)
        else { throw .format("an e-mail address") }
    }

    /// As Unicode has it; looked up in its tables for what isn't ASCII.
    private static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.isASCII else { return scalar.properties.isWhitespace }
        return scalar == " " || ("\t"..."\r").contains(scalar)
    }

    static func checkPhone(_ text: String) throws(Breach) {
        let digits = text.utf8.dropFirst()
        guard text.utf8.first == UInt8(ascii: "+"), (8...15).contains(digits.count), digits.allSatisfy(isDigit) else {
            throw .format("a phone number in E.164 form such as +14155550100")
        }
    }

    /// `UTC` or a name with a place: abbreviations such as `EST` don't say when summer time is.
    static func checkTimeZone(_ text: String) throws(Breach) {
        guard text == "UTC" || text.contains("/"), text.utf8.count <= 64, TimeZone(identifier: text) != nil else {
            throw .format("a time zone's name such as America/Chicago")
        }
    }

    static func checkCurrency(_ text: String) throws(Breach) {
        guard isASCII(text), ISOCodes.currencies.contains(text) else {
            throw .format("a currency of ISO 4217 such as USD")
        }
    }

    static func checkCountry(_ text: String) throws(Breach) {
        guard isASCII(text), ISOCodes.countries.contains(text) else {
            throw .format("a country of ISO 3166-1 such as US")
        }
    }

    /// Whether a text is one of the values of an enum, byte for byte.
    static func isWord(_ text: String, of words: [String]) -> Bool { isASCII(text) && words.contains(text) }

    /// Whether a text that equals a code is the code: Swift takes the Kelvin sign for a K, PostgreSQL doesn't.
    private static func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 0x80 } }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
