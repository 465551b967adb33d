import HostAuth
import HostManifest
import HostModel
import HostStorage

/// `POST /api/public/v1/businesses`: a business, its owner, and the owner's first tokens.
struct SignUpEndpoint: OpenEndpoint {
    let businesses: BusinessStore
    let hasher: PasswordHasher
    let tokens: TokenGrant
    let manifests: ManifestSet

    var rateKind: RateLimiting.Kind? { .signUp }

    func respond(to request: OpenRequest) async throws(Problem) -> HTTPResponse {
        let values = request.body.values
        let industry = try industry(values["industry"]?.string)
        let owner = try Owner(values["owner"]?.object ?? JSONObject())
        let new = NewBusiness(
            name: values["name"]?.string ?? "", industry: industry, currency: values["currency"]?.string ?? "USD",
            timeZone: values["time_zone"]?.string ?? "UTC", country: values["country"]?.string ?? "US",
            ownerName: owner.name, email: owner.email, passwordHash: try await hasher.hash(owner.password))
        let grant = try await signUp(new, request.http.id)
        var answer: JSONObject = [
            "business": try await business(grant, request.http.id),
            "owner": [
                "id": .string(grant.user.description), "name": .string(new.ownerName), "email": .string(new.email),
            ],
        ]
        for (name, value) in try await tokens.members(grant, request: request.http.id).members { answer[name] = value }
        return .json(JSONValue.object(answer).utf8, status: 201)
    }

    private func signUp(_ new: NewBusiness, _ request: RequestID) async throws(Problem) -> SessionGrant {
        do {
            return try await businesses.signUp(new, request: request)
        } catch {
            throw error.relocated { $0 == "/email" ? "/owner/email" : $0 }
        }
    }

    /// The business as it was stored.
    private func business(_ grant: SessionGrant, _ request: RequestID) async throws(Problem) -> JSONValue {
        let principal = Principal(
            business: grant.business, user: grant.user, session: grant.session, roles: [], permissions: .none,
            tier: .starter, expires: grant.expires)
        return BusinessForm.json(try await businesses.facts(in: TenantScope(principal, request: request)))
    }

    /// The plugin of the trade; without one the last that is loaded, since a vertical comes after what it stands on.
    private func industry(_ name: String?) throws(Problem) -> PluginID {
        guard let name else {
            guard let last = manifests.manifests.last?.id else { throw .unavailable() }
            return last
        }
        guard let plugin = PluginID(name), manifests[plugin] != nil else {
            throw .invalid("/industry", "unknown_industry", "No plugin of that name is loaded.")
        }
        return plugin
    }

    /// The person who signs the business up.
    private struct Owner {
        let name: String
        let email: String
        let password: String

        init(_ object: JSONObject) throws(Problem) {
            do {
                let values = try InputValidator.input(PlatformField.owner, object)
                name = values["name"]?.string ?? ""
                email = values["email"]?.string ?? ""
                password = values["password"]?.string ?? ""
            } catch {
                throw error.relocated { "/owner" + $0 }
            }
            try PasswordPolicy.check(password, email: email, path: "/owner/password")
        }
    }
}

extension Problem {
    /// The same problem, its faults at other paths.
    fileprivate func relocated(_ path: (String) -> String) -> Problem {
        Problem(
            code, detail,
            faults: faults.map { Fault(path: path($0.path), code: $0.code, detail: $0.detail) },
            members: members, retryAfter: retryAfter)
    }
}

/// What the API shows of a business.
enum BusinessForm {
    static func json(_ facts: BusinessFacts) -> JSONValue {
        [
            "id": .string(facts.id.description), "name": .string(facts.name), "industry": .string(facts.industry),
            "currency": .string(facts.currency), "time_zone": .string(facts.timeZone),
            "country": .string(facts.country), "tier": .string(facts.tier.rawValue),
        ]
    }
}
