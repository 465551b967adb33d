/// `major.minor.patch` (semver.org 2.0.0, without pre-release and build parts).
package struct SemanticVersion: Hashable, Sendable, Comparable, LosslessStringConvertible {
    package let major: Int
    package let minor: Int
    package let patch: Int

    package init(major: Int, minor: Int, patch: Int) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Parses one to three numbers; those left out are 0.
    package init?(_ description: String) {
        let parts = description.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count) else { return nil }
        var numbers: [Int] = []
        for part in parts {
            guard part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), part == "0" || part.first != "0",
                let number = Int(part)
            else { return nil }
            numbers.append(number)
        }
        self.init(
            major: numbers[0], minor: numbers.count > 1 ? numbers[1] : 0, patch: numbers.count > 2 ? numbers[2] : 0)
    }

    package var description: String { "\(major).\(minor).\(patch)" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }
}

/// `>=1.0 <2.0`: from a version up to another, that one left out. Both ends are needed, so the major is pinned.
package struct VersionRange: Hashable, Sendable, LosslessStringConvertible {
    package let lower: SemanticVersion
    package let upper: SemanticVersion

    package init?(_ description: String) {
        let parts = description.split(separator: " ")
        guard parts.count == 2, parts[0].hasPrefix(">="), parts[1].hasPrefix("<"), !parts[1].hasPrefix("<=") else {
            return nil
        }
        guard let lower = SemanticVersion(String(parts[0].dropFirst(2))),
            let upper = SemanticVersion(String(parts[1].dropFirst())), lower < upper
        else { return nil }
        self.lower = lower
        self.upper = upper
    }

    package var description: String { ">=\(lower) <\(upper)" }

    package func contains(_ version: SemanticVersion) -> Bool { lower <= version && version < upper }
}
