import HostAuth
import HostModel
import Testing

struct PasswordHasherTests {
    /// Cheap, so that the tests are about behaviour and not about waiting.
    private static func hasher(queueMax: Int = 64) throws -> PasswordHasher {
        let cost = try #require(ScryptCost(logN: 10, r: 8, p: 1))
        return PasswordHasher(cost: cost, threads: 2, queueMax: queueMax)
    }

    @Test func `the right password is accepted, a wrong one isn't`() async throws {
        let hasher = try Self.hasher()
        let hash = try await hasher.hash("correct horse battery")
        #expect(try await hasher.verify("correct horse battery", against: hash))
        #expect(try await !hasher.verify("correct horse batterY", against: hash))
        #expect(try await !hasher.verify("", against: hash))
    }

    /// Made by another program: Python's hashlib, N = 1024, r = 8, p = 1, salt 00 to 0f.
    @Test func `a hash of another implementation verifies, in either spelling of é`() async throws {
        let stored = "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$LEKGHSR6HzOf8uQvCVafTZ99aJvjh8WzPEmwcxS6g6I"
        let hash = try #require(PasswordHash(stored))
        #expect(hash.description == stored)
        let hasher = try Self.hasher()
        #expect(try await hasher.verify("\u{E9} correct horse", against: hash))
        #expect(try await hasher.verify("e\u{301} correct horse", against: hash))
    }

    @Test func `the same password never has the same hash`() async throws {
        let hasher = try Self.hasher()
        #expect(try await hasher.hash("correct horse battery") != hasher.hash("correct horse battery"))
    }

    @Test func `without an account every password is wrong, after the same work`() async throws {
        let cost = try #require(ScryptCost(logN: 14, r: 8, p: 1))
        let hasher = PasswordHasher(cost: cost, threads: 1)
        let hash = try await hasher.hash("correct horse battery")
        let clock = ContinuousClock()
        var known: [Duration] = []
        var unknown: [Duration] = []
        var answers: [Bool] = []
        for _ in 0..<5 {
            let begin = clock.now
            answers.append(try await hasher.verify("wrong password", against: hash))
            let middle = clock.now
            answers.append(try await hasher.verify("wrong password", against: nil))
            known.append(middle - begin)
            unknown.append(clock.now - middle)
        }
        #expect(!answers.contains(true))
        // The fastest of each: what is left when nothing else ran. A path without the work would be 1,000 times faster.
        let fastestKnown = try #require(known.min())
        #expect(try #require(unknown.min()) > fastestKnown / 2)
    }

    @Test func `a hash of another cost still verifies and is outdated`() async throws {
        let older = PasswordHasher(cost: try #require(ScryptCost(logN: 9, r: 8, p: 1)))
        let hash = try await older.hash("correct horse battery")
        let hasher = try Self.hasher()
        #expect(try await hasher.verify("correct horse battery", against: hash))
        #expect(hasher.isOutdated(hash) && !older.isOutdated(hash))
    }

    @Test func `when too many wait, the rest are told to come back`() async throws {
        let cost = try #require(ScryptCost(logN: 14, r: 8, p: 1))
        let hasher = PasswordHasher(cost: cost, threads: 1, queueMax: 1)
        let codes = await withTaskGroup(of: Problem.Code?.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do throws(Problem) {
                        _ = try await hasher.hash("correct horse battery")
                        return nil
                    } catch {
                        return error.code
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes.contains(.unavailable) && codes.contains(nil))
        #expect(try await hasher.verify("wrong password", against: nil) == false)
    }

    @Test(arguments: [
        "", "correct horse battery", "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw",
        "$scrypt$ln=30,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$LEKGHSR6HzOf8uQvCVafTZ99aJvjh8WzPEmwcxS6g6I",
        "$scrypt$ln=010,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$LEKGHSR6HzOf8uQvCVafTZ99aJvjh8WzPEmwcxS6g6I",
        "$scrypt$ln=10,r=8$AAECAwQFBgcICQoLDA0ODw$LEKGHSR6HzOf8uQvCVafTZ99aJvjh8WzPEmwcxS6g6I",
        "$bcrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$LEKGHSR6HzOf8uQvCVafTZ99aJvjh8WzPEmwcxS6g6I",
        "$scrypt$ln=10,r=8,p=1$AAEC$LEKGHSR6HzOf8uQvCVafTZ99aJvjh8WzPEmwcxS6g6I",
    ])
    func `a text that is no hash of ours is refused`(text: String) {
        #expect(PasswordHash(text) == nil)
    }
}

struct PasswordPolicyTests {
    private static let email = "Maria.Keller@example.com"

    @Test(arguments: [
        "correct horse battery", "tr0ub4dor&3", "пароль-для-марии", String(repeating: "long ", count: 25),
    ])
    func `a password that is long enough and no common one is accepted`(password: String) {
        #expect(throws: Never.self) { try PasswordPolicy.check(password, email: Self.email) }
    }

    @Test(arguments: [
        ("short77", "min"), ("", "min"), (String(repeating: "long ", count: 26), "max"),
        ("maria.keller@EXAMPLE.com", "weak_password"), ("maria.keller", "weak_password"),
        ("Password123", "weak_password"), ("qwertyuiop", "weak_password"), ("xyxyxyxyxyxy", "weak_password"),
    ])
    func `any other is refused with the rule`(password: String, code: String) throws {
        let problem = try #require(throws: Problem.self) { try PasswordPolicy.check(password, email: Self.email) }
        #expect(problem.code == .validationFailed)
        #expect(problem.faults.map(\.code) == [code])
        #expect(problem.faults.map(\.path) == ["/password"])
    }
}
