import Foundation
import HostAuth
import HostManifest
import HostModel
import HostPostgres
import HostStorage

/// Two businesses to try the platform with, made once in an empty database.
enum DemoBusinesses {
    struct SignIn: Sendable {
        let business: String
        let email: String
        let password: String
    }

    private static let file = "demo.json"
    private static let firms = [
        (name: "Demo Plumbing", owner: "Pia Plumb", email: "pia@plumbing.example"),
        (name: "Demo Electric", owner: "Eli Spark", email: "eli@electric.example"),
    ]

    /// The demo sign-ins, made first when the database has no business.
    ///
    /// - Returns: None in a database that others have filled.
    static func ensure(
        in installation: Installation, manifests: ManifestSet, data: DataFolder, hasher: PasswordHasher
    ) async throws -> [SignIn] {
        if let bytes = try data.read(file) { return signIns(in: try JSONParser.parse(bytes)) }
        let isEmpty = try await withDatabase(installation.administratorAddress) { database in
            try await OperatorStore(database: database, clock: SystemClock(), observer: SilentObserver()).isEmpty()
        }
        guard isEmpty else { return [] }
        let made = try await withDatabase(installation.runtimeAddress) { database in
            let storage = try Storage(
                directory: BusinessDirectory(home: database), manifests: manifests,
                cursorSeal: CursorSeal(key: data.secret("cursor-key")),
                credentials: CredentialCache(entriesMax: 1), clock: SystemClock(), observer: SilentObserver())
            var made: [SignIn] = []
            for firm in firms {
                let password = newPassword()
                let business = NewBusiness(
                    name: firm.name, industry: industry(of: manifests), ownerName: firm.owner, email: firm.email,
                    passwordHash: try await hasher.hash(password))
                _ = try await storage.businesses.signUp(business, request: nil)
                made.append(SignIn(business: firm.name, email: firm.email, password: password))
            }
            return made
        }
        try data.write(document(made).utf8, to: file)
        return made
    }

    /// The first vertical that is loaded.
    private static func industry(of manifests: ManifestSet) -> PluginID {
        let vertical = manifests.manifests.first { !$0.requires.isEmpty } ?? manifests.manifests[0]
        return vertical.id
    }

    /// 100 random bits in letters that are hard to confuse.
    private static func newPassword() -> String {
        let letters = Array("abcdefghijkmnpqrstuvwxyz23456789")
        let groups = (0..<4).map { _ in String((0..<5).map { _ in letters[Int.random(in: 0..<letters.count)] }) }
        return groups.joined(separator: "-")
    }

    private static func document(_ signIns: [SignIn]) -> JSONValue {
        .array(
            signIns.map {
                ["business": .string($0.business), "email": .string($0.email), "password": .string($0.password)]
            })
    }

    private static func signIns(in document: JSONValue) -> [SignIn] {
        (document.array ?? []).compactMap { entry in
            guard let business = entry["business"]?.string, let email = entry["email"]?.string,
                let password = entry["password"]?.string
            else { return nil }
            return SignIn(business: business, email: email, password: password)
        }
    }
}
