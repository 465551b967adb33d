/// How much work one password hash is: the parameters of scrypt (RFC 7914 section 2).
package struct ScryptCost: Hashable, Sendable {
    /// Base-2 logarithm of N; memory is `128 · 2^logN · r` bytes.
    package let logN: Int
    package let r: Int
    package let p: Int

    /// 32 MiB, three passes: the row of OWASP's password storage table for that memory, as strong as N = 2^17, p = 1.
    ///
    /// Measured at 0.29 s on the 2-core reference machine, optimised; one pass, 0.11 s, would still be above the 100 ms
    /// that ASVS asks for, but below what OWASP does. Without optimisation it is five times slower.
    package static let standard = ScryptCost(checkedLogN: 15, r: 8, p: 3)

    /// Bounds what a stored hash may ask for, 64 MiB and about a second, so that a damaged row can't stop the service.
    package init?(logN: Int, r: Int, p: Int) {
        guard (1...16).contains(logN), (1...8).contains(r), (1...4).contains(p) else { return nil }
        self.init(checkedLogN: logN, r: r, p: p)
    }

    /// Reads ``parameters``, in that one spelling.
    init?(parsing text: Substring) {
        let fields = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = zip(["ln=", "r=", "p="], fields).compactMap { name, field in
            field.hasPrefix(name) ? Int(field.dropFirst(name.count)) : nil
        }
        guard fields.count == 3, numbers.count == 3 else { return nil }
        self.init(logN: numbers[0], r: numbers[1], p: numbers[2])
        guard parameters == text else { return nil }
    }

    private init(checkedLogN logN: Int, r: Int, p: Int) {
        self.logN = logN
        self.r = r
        self.p = p
    }

    /// As it stands in a stored hash: `ln=15,r=8,p=3`.
    var parameters: String { "ln=\(logN),r=\(r),p=\(p)" }
}
