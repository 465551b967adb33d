import HostAuth
import HostManifest
import HostModel
import HostStorage
import HostTenancy
import NIOHTTP1

/// The routes that belong to no plugin: signing up, in and out, and what a business may know of itself.
struct PlatformRoutes {
    let services: GatewayServices
    let storage: Storage
    let manifests: ManifestSet
    let features: FeatureGate
    let accountRate: RateBuckets<String>?

    func routes() -> [Route] {
        [signUp, signIn, refresh, signOut, me, featureList, audit, invariants, keys]
            + FileRoutes(files: storage.files).routes() + [BundleEndpoint.route(storage.bundles)]
            + ImportRoutes(desk: importDesk).routes()
            + LabelRoutes(labels: storage.labels, statuses: LabelStatuses(manifests: manifests)).routes()
            + CustomFieldRoutes(
                fields: storage.customFields, entities: CustomFieldEntities(manifests: manifests)
            ).routes()
    }

    private var importDesk: ImportDesk {
        ImportDesk(store: storage.imports, catalogue: storage.importCatalogue, features: features)
    }

    /// Reading the audit trail; roles with every right of a plugin don't have it by that.
    static let auditPermission = Permission("platform.audit.read")

    /// The document about all other routes.
    static func openAPI(_ document: LateDocument) -> Route {
        Route(
            .GET, "/api/public/v1/openapi.json",
            page: page("openapi", "The OpenAPI document", .document(contentType: "application/json")),
            handler: .open(document))
    }

    private var tokens: TokenGrant {
        TokenGrant(
            issuer: services.issuer, ids: UUIDv7Source(clock: services.clock), clock: services.clock,
            observer: services.observer)
    }

    private var signUp: Route {
        Route(
            .POST, "/api/public/v1/businesses", input: .fields(PlatformField.signUp, bodyBytesMax: 16_384),
            page: Self.page(
                "sign_up", "Sign a business up", .named("SignUp", status: 201), [.alreadyExists, .rateLimited],
                body: "SignUpRequest"),
            handler: .open(
                SignUpEndpoint(
                    businesses: storage.businesses, hasher: services.hasher, tokens: tokens, manifests: manifests)))
    }

    private var signIn: Route {
        Route(
            .POST, "/api/public/v1/sessions", input: .fields(PlatformField.signIn, bodyBytesMax: 16_384),
            page: Self.page(
                "sign_in", "Sign in", .named("Session", status: 200), [.signInFailed, .rateLimited]),
            handler: .open(
                SignInEndpoint(
                    sessions: storage.sessions, hasher: services.hasher, tokens: tokens, accountRate: accountRate,
                    clock: services.clock)))
    }

    private var refresh: Route {
        Route(
            .POST, "/api/public/v1/sessions/refresh", input: .fields(PlatformField.refresh, bodyBytesMax: 4_096),
            page: Self.page(
                "refresh", "Exchange a refresh token", .named("Session", status: 200),
                [.unauthenticated, .rateLimited]),
            handler: .open(RefreshEndpoint(sessions: storage.sessions, tokens: tokens)))
    }

    private var signOut: Route {
        Route(
            .DELETE, "/api/platform/app/v1/session", page: Self.page("sign_out", "Sign out", .nothing),
            handler: .tenant(Self.signedIn, SignOutEndpoint(sessions: storage.sessions)))
    }

    private var me: Route {
        Route(
            .GET, "/api/platform/app/v1/me", page: Self.page("me", "Who is signed in", .named("Me", status: 200)),
            handler: .tenant(Self.signedIn, MeEndpoint(sessions: storage.sessions, clock: services.clock)))
    }

    private var featureList: Route {
        Route(
            .GET, "/api/platform/app/v1/features",
            page: Self.page("features", "List features", .named("Features", status: 200)),
            handler: .tenant(Self.signedIn, FeaturesEndpoint(manifests: manifests, gate: features)))
    }

    private var audit: Route {
        Route(
            .GET, "/api/platform/app/v1/audit",
            page: Self.page(
                "audit", "Read the audit trail", .named("AuditPage", status: 200), [.invalidCursor, .validationFailed],
                query: AuditEndpoint.parameters),
            handler: .tenant(
                Route.Requirement(permission: Self.auditPermission, feature: nil),
                AuditEndpoint(audit: storage.audit)))
    }

    private var invariants: Route {
        Route(
            .GET, "/api/platform/app/v1/invariants",
            page: Self.page(
                "invariants", "Read what the invariants found last", .named("Invariants", status: 200),
                [.validationFailed]),
            handler: .tenant(
                Route.Requirement(permission: Permission("platform.invariant.read"), feature: nil),
                InvariantsEndpoint(invariants: storage.invariants)))
    }

    private var keys: Route {
        Route(
            .GET, "/.well-known/jwks.json",
            page: Self.page("keys", "The keys of access tokens", .document(contentType: "application/json")),
            handler: .open(FixedDocument(services.keys.jwks.utf8)))
    }

    private static let signedIn = Route.Requirement(permission: nil, feature: nil)

    static func page(
        _ name: String, _ summary: String, _ answer: RoutePage.Answer, _ codes: [Problem.Code] = [],
        query: [RoutePage.QueryParameter] = [], body: String? = nil
    ) -> RoutePage {
        RoutePage(
            operationID: "platform_\(name)", summary: summary, tag: "platform", answer: answer, codes: codes,
            query: query, bodySchema: body)
    }
}
