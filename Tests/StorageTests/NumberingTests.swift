import HostAuth
import HostManifest
import HostModel
import HostPostgres
import HostSQL
import HostStorage
import Testing

/// Numbers of series with and without gaps, and the CHECKs behind the types of values.
struct NumberingTests {
    private static func terms(_ firm: SignedUp) -> TransactionTerms {
        TransactionTerms(
            principal: firm.principal, request: RequestID(UUIDv7Source(clock: SteppedClock()).next()), scope: .business,
            timeout: .seconds(10))
    }

    @Test func `a series with gaps is taken while somebody else's transaction has taken from it`() async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("first@example.com")
            let types = try #require(PluginID("types"))
            let operations = installation.storage.operations
            let numbers = try await operations.run(Self.terms(firm)) { first throws(Problem) in
                let one = try await first.nextNumber("ticket", in: types)
                // Would wait for the end of the first one, and so for ever, if the series was held.
                let two = try await operations.run(Self.terms(firm)) { second throws(Problem) in
                    try await second.nextNumber("ticket", in: types)
                }
                return [one, two]
            }
            #expect(numbers == ["T-000001", "T-000002"])
        }
    }

    @Test func `what is rolled back leaves a gap only where gaps are allowed`() async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("first@example.com")
            let types = try #require(PluginID("types"))
            let operations = installation.storage.operations
            for series in ["ticket", "sample"] {
                let refused = await problem {
                    try await operations.run(Self.terms(firm)) { transaction throws(Problem) in
                        _ = try await transaction.nextNumber(series, in: types)
                        throw Problem(.conflict, "Changed my mind.")
                    }
                }
                #expect(refused?.code == .conflict)
            }
            let numbers = try await operations.run(Self.terms(firm)) { transaction throws(Problem) in
                [
                    try await transaction.nextNumber("ticket", in: types),
                    try await transaction.nextNumber("sample", in: types),
                ]
            }
            #expect(numbers == ["T-000002", "S-000001"])
        }
    }

    @Test func `an operation that creates a record without a number has one given`() async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("first@example.com")
            let ticket = EntityReference(plugin: try #require(PluginID("types")), name: "ticket")
            let titles = ["a", "b"]
            let numbers = try await installation.storage.operations.run(Self.terms(firm)) {
                transaction throws(Problem) in
                var numbers: [String] = []
                for title in titles {
                    let made = try await transaction.create(ticket, ["title": .string(title)])
                    numbers.append((try? JSONParser.parse(made.json.bytes))?["number"]?.string ?? "")
                }
                let own = try await transaction.create(ticket, ["title": "c", "number": "OLD-7"])
                return numbers + [(try? JSONParser.parse(own.json.bytes))?["number"]?.string ?? ""]
            }
            #expect(numbers == ["T-000001", "T-000002", "OLD-7"])
        }
    }

    /// Column, its SQL type, and values that are no values of the field.
    private static let wrong: [(String, String, [String])] = [
        ("took", "bigint", ["-1", "50000"]), ("tags", "text[]", ["{toolongforatag}", "{a,b,c,d,e,f}", "{NULL}"]),
        ("website", "text", ["ftp://a.b"]),
        (
            "valid", "tstzrange",
            ["[2026-01-01,)", "empty", "[2026-01-01,2026-01-02]", "[2026-01-01,infinity)", "(,2026-01-01)"]
        ),
        ("season", "tstzrange", ["(2026-01-01,2026-01-02)", "empty"]),
        (
            "place", "jsonb",
            [
                #"{"lat": 1}"#, #"{"lat": 91, "lng": 0}"#, #"{"lat": 1, "lng": 0, "x": 1}"#,
                #"{"lat": 0.1234567, "lng": 0}"#, #"{"lat": "1", "lng": 0}"#, "[]",
            ]
        ),
    ]

    @Test func `a CHECK refuses what comes around the host`() async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("first@example.com")
            let plan = try installation.plan("types", "sample")
            _ = try await installation.storage.records.create(plan, [:], in: firm.scope)
            for (column, type, values) in Self.wrong {
                for value in values {
                    let refusal = await #expect(throws: DatabaseError.self, "\(column) \(value)") {
                        _ = try await installation.database.ask(
                            "UPDATE types.sample SET version = version + 1, \(column) = $1::\(type)", [value],
                            business: firm.scope.business)
                    }
                    #expect(refusal?.constraint == "sample_\(column)_type")
                }
            }
        }
    }
}
