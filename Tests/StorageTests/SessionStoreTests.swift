import HostAuth
import HostModel
import HostPostgres
import HostStorage
import NIOCore
import NIOPosix
import TestSupport
import Testing

struct SessionStoreTests {
    @Test func `a sign-up gives a session whose facts are the business's`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("Ann@Example.com")
            let facts = try await installation.storage.sessions.facts(of: firm.claims(at: installation.clock.now()))
            #expect(facts.business.name == "Firm of Ann@Example.com")
            #expect(facts.business.timeZone == "America/Chicago")
            #expect(facts.business.tier == .starter)
            #expect(facts.email == "ann@example.com")
            #expect(facts.roles == ["owner"])
            let actions = try await installation.actions(of: firm)
            #expect(actions == ["platform.business.create", "platform.user.create", "platform.session.create"])
        }
    }

    @Test func `an e-mail address that is taken is refused and nothing is made`() async throws {
        try await TestInstallation.make { installation in
            _ = try await installation.signUp("ann@example.com")
            let refused = await problem { _ = try await installation.signUp("ANN@example.com") }
            #expect(refused?.code == .alreadyExists)
            try await TestInstallation.withDatabase(installation.place, as: .superuser) { database in
                let businesses = try await database.ask("SELECT 1 FROM businesses.business")
                #expect(businesses.count == 1)
            }
        }
    }

    @Test(arguments: ["Mars/Olympus", "UTC+3", ""])
    func `an unknown time zone is refused`(_ zone: String) async throws {
        try await TestInstallation.make { installation in
            let refused = await problem { _ = try await installation.signUp("ann@example.com", timeZone: zone) }
            #expect(refused?.faults.first?.path == "/time_zone")
        }
    }

    @Test func `an e-mail address that is too long, or becomes it in lower case, is refused`() async throws {
        try await TestInstallation.make { installation in
            for name in [String(repeating: "a", count: 250), String(repeating: "\u{130}", count: 130)] {
                let refused = await problem { _ = try await installation.signUp("\(name)@example.com") }
                #expect(refused?.code == .validationFailed)
                #expect(refused?.faults.first?.path == "/email")
            }
        }
    }

    @Test func `who signs in is found by e-mail, whatever its case`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let facts = try await installation.storage.sessions.signInFacts(email: "ANN@example.com")
            #expect(facts?.user == firm.grant.user)
            #expect(facts?.businesses == [firm.grant.business])
            #expect(try await installation.storage.sessions.signInFacts(email: "bob@example.com") == nil)
        }
    }

    @Test func `a session opens only in the user's own business`() async throws {
        try await TestInstallation.make { installation in
            let ann = try await installation.signUp("ann@example.com")
            let bob = try await installation.signUp("bob@example.com")
            let sessions = installation.storage.sessions
            let grant = try await sessions.open(ann.grant.user, in: ann.grant.business, request: nil)
            #expect(grant.session != ann.grant.session)
            let refused = await problem {
                _ = try await sessions.open(ann.grant.user, in: bob.grant.business, request: nil)
            }
            #expect(refused?.code == .signInFailed)
        }
    }

    @Test func `a refresh token is exchanged once; the second use ends the session`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let sessions = installation.storage.sessions
            let next = try await sessions.rotate(firm.grant.refreshToken, request: nil)
            #expect(next.session == firm.grant.session)
            #expect(next.user == firm.grant.user)
            let again = await problem { _ = try await sessions.rotate(firm.grant.refreshToken, request: nil) }
            #expect(again?.code == .unauthenticated)
            let successor = await problem { _ = try await sessions.rotate(next.refreshToken, request: nil) }
            #expect(successor?.code == .unauthenticated)
            let facts = await problem { _ = try await sessions.facts(of: firm.claims(at: installation.clock.now())) }
            #expect(facts?.code == .unauthenticated)
            let actions = try await installation.actions(of: firm).suffix(2)
            #expect(actions == ["platform.session.refresh", "platform.session.reuse_detected"])
        }
    }

    @Test func `one of two exchanges at once wins`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let sessions = installation.storage.sessions
            let token = firm.grant.refreshToken
            let won = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<2 { group.addTask { (try? await sessions.rotate(token, request: nil)) != nil } }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(won == 1)
        }
    }

    @Test func `an unknown or idle refresh token is refused`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let sessions = installation.storage.sessions
            let unknown = await problem { _ = try await sessions.rotate(.make(), request: nil) }
            #expect(unknown?.code == .unauthenticated)
            installation.clock.advance(by: RefreshDecision.idleLifetime)
            let idle = await problem { _ = try await sessions.rotate(firm.grant.refreshToken, request: nil) }
            #expect(idle?.code == .unauthenticated)
        }
    }

    @Test func `signing out ends the session, twice as well as once`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let sessions = installation.storage.sessions
            let now = installation.clock.now()
            installation.credentials.insert("token", firm.principal, installation.credentials.begin(at: now))
            try await sessions.signOut(firm.grant.session, in: firm.scope)
            try await sessions.signOut(firm.grant.session, in: firm.scope)
            #expect(installation.credentials.lookup("token", at: now) == nil)
            let facts = await problem { _ = try await sessions.facts(of: firm.claims(at: now)) }
            #expect(facts?.code == .unauthenticated)
            let refresh = await problem { _ = try await sessions.rotate(firm.grant.refreshToken, request: nil) }
            #expect(refresh?.code == .unauthenticated)
            #expect(try await installation.actions(of: firm).count { $0 == "platform.session.sign_out" } == 1)
        }
    }

    @Test func `another business's session can't be ended`() async throws {
        try await TestInstallation.make { installation in
            let ann = try await installation.signUp("ann@example.com")
            let bob = try await installation.signUp("bob@example.com")
            let sessions = installation.storage.sessions
            try await sessions.signOut(ann.grant.session, in: bob.scope)
            _ = try await sessions.facts(of: ann.claims(at: installation.clock.now()))
        }
    }

    @Test func `a session's facts need the right user and business`() async throws {
        try await TestInstallation.make { installation in
            let ann = try await installation.signUp("ann@example.com")
            let bob = try await installation.signUp("bob@example.com")
            let now = installation.clock.now()
            let forged = AccessClaims(
                user: ann.grant.user, session: ann.grant.session, business: bob.grant.business,
                tokenID: ann.grant.user.uuid, issuedAt: now, expires: now + .seconds(900))
            let refused = await problem { _ = try await installation.storage.sessions.facts(of: forged) }
            #expect(refused?.code == .unauthenticated)
        }
    }

    @Test func `a wrong password is written down`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let facts = try #require(try await installation.storage.sessions.signInFacts(email: "ann@example.com"))
            try await installation.storage.sessions.recordRefusal(facts, request: nil)
            #expect(try await installation.actions(of: firm).last == "platform.session.refuse")
        }
    }

    @Test func `a revocation elsewhere reaches this host`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let elsewhere = CredentialCache()
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
            let listener = Listener(
                configuration: installation.place.configuration(as: .app), channels: [Revocations.channel], group: group
            )
            let revocations = Revocations(
                listener: listener, credentials: elsewhere, customFields: CustomFieldCache())
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await revocations.run() }
                let now = installation.clock.now()
                // Whether the other host listens yet isn't known, so the message is repeated until it is heard.
                for _ in 0..<200 {
                    elsewhere.insert("token", firm.principal, elsewhere.begin(at: now))
                    _ = try await installation.database.ask(
                        "SELECT pg_notify($1, $2)",
                        [Revocations.channel, Revocations.Message.session(firm.grant.session).description])
                    if elsewhere.lookup("token", at: now) == nil { break }
                }
                #expect(elsewhere.lookup("token", at: now) == nil)
                tasks.cancelAll()
            }
            try await group.shutdownGracefully()
        }
    }

    @Test(arguments: [
        ("UPDATE businesses.business SET status = 'suspended'", "business"),
        ("UPDATE businesses.business SET tier = 'enterprise'", "business"),
        ("UPDATE users.membership SET roles = '{viewer}'", "user"),
        ("UPDATE auth.session SET revoked_at = now(), revoked_reason = 'operator'", "session"),
    ])
    func `rights changed by hand are announced to every host`(_ statement: String, _ kind: String) async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let message: Revocations.Message =
                switch kind {
                case "business": .business(firm.grant.business)
                case "user": .user(firm.grant.user)
                default: .session(firm.grant.session)
                }
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
            let listener = Listener(
                configuration: installation.place.configuration(as: .app), channels: [Revocations.channel], group: group
            )
            try await TestInstallation.withDatabase(installation.place, as: .superuser) { database in
                for await event in listener.events() {
                    if case .notification(_, let payload) = event {
                        #expect(payload == message.description)
                        break
                    }
                    _ = try await database.ask(statement)
                }
            }
            try await group.shutdownGracefully()
        }
    }

    @Test func `a tier set by the operator is there at the next check`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            try await TestInstallation.withDatabase(installation.place, as: .superuser) { database in
                let operators = OperatorStore(
                    database: database, clock: installation.clock, observer: SilentObserver())
                try await operators.setTier(.professional, of: firm.grant.business)
                let unknown = await problem {
                    try await operators.setTier(.professional, of: BusinessID(firm.grant.user.uuid))
                }
                #expect(unknown?.code == .notFound)
            }
            #expect(try await installation.storage.businesses.facts(in: firm.scope).tier == .professional)
        }
    }
}
