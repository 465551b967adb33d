package import HostModel

/// Which passwords are accepted: long enough, not the e-mail address, not among the most common (ASVS 5.0 V6.2,
/// NIST SP 800-63B section 5.1.1.2). No rules about kinds of characters: they make passwords worse.
package enum PasswordPolicy {
    /// In characters as people count them.
    package static let lengthRange = 8...128

    /// - Parameters:
    ///   - path: The JSON pointer of the field, for the fault.
    ///   - email: Of the account.
    /// - Throws: `validation_failed` with the fault code `min`, `max` or `weak_password`.
    package static func check(_ password: String, email: String, path: String = "/password") throws(Problem) {
        guard password.count >= lengthRange.lowerBound else {
            throw .invalid(path, "min", "A password has at least \(lengthRange.lowerBound) characters.")
        }
        guard password.count <= lengthRange.upperBound, password.utf8.count <= lengthRange.upperBound * 4 else {
            throw .invalid(path, "max", "A password has at most \(lengthRange.upperBound) characters.")
        }
        let folded = password.lowercased()
        let address = email.lowercased()
        let name = address.prefix { $0 != "@" }
        guard folded != address, folded != name, !CommonPasswords.contains(folded), Set(folded).count > 2 else {
            throw .invalid(path, "weak_password", "This password is too easy to guess; choose another one.")
        }
    }
}
