import Crypto

/// One numbered step of the platform's schemas. Never edited once a release has it: a later step changes what it made.
package struct Migration: Hashable, Sendable {
    /// 1, 2, 3, …; the order of application.
    package let id: Int
    /// Upper camel case, as in the file's name: `V0001_Businesses.swift`.
    package let name: String
    /// Run in order, in one transaction, as `thorbis_owner`.
    package let statements: [String]

    package init(id: Int, name: String, statements: [String]) {
        self.id = id
        self.name = name
        self.statements = statements
    }

    /// SHA-256 of the statements, lower-case hexadecimal; recorded, and compared at every later start.
    package var checksum: String { SchemaChecksum.hexadecimal(of: statements) }
}

/// The fingerprint of a list of statements.
enum SchemaChecksum {
    /// A NUL follows each statement, so that moving text from one to the next changes the sum.
    static func hexadecimal(of statements: [String]) -> String {
        var hash = SHA256()
        for statement in statements {
            hash.update(data: Array(statement.utf8))
            hash.update(data: [0])
        }
        return hash.finalize().hexadecimal
    }
}

extension Sequence<UInt8> {
    /// Two lower-case digits for each byte.
    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        let text = flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
