import HostModel

/// Reads who may use what: features and limits by tier, roles, and mounts.
struct AccessReader {
    let findings: Findings

    func features(_ map: MapReader) -> [Feature] {
        map.entries("features").compactMap { member in
            findings.check(member.key, .feature, at: member.position, "the feature")
            let what = "the feature `\(member.key)`"
            guard
                let feature = MapReader(member.value, what, keys: ManifestGrammar.feature, findings: findings),
                feature.required("tier") != nil, let tier = feature.word("tier", as: Tier.self),
                let title = feature.requiredText("title")
            else { return nil }
            let onDowngrade = feature.word("onDowngrade", as: Feature.OnDowngrade.self) ?? .readOnly
            return Feature(name: member.key, title: title, tier: tier, onDowngrade: onDowngrade)
        }
    }

    /// `technicians: {starter: 3, professional: 20, enterprise: null}`
    func limits(_ map: MapReader) -> [Limit] {
        map.entries("limits").compactMap { member in
            findings.check(member.key, .feature, at: member.position, "the limit")
            let what = "the limit `\(member.key)`"
            let tiers = Tier.allCases.map(\.rawValue)
            guard let limit = MapReader(member.value, what, keys: tiers, findings: findings) else { return nil }
            var byTier: [Tier: Int?] = [:]
            for tier in Tier.allCases {
                switch limit[tier.rawValue]?.content {
                case nil: continue
                case .scalar(.null): byTier[tier] = .some(nil)
                case .scalar(.int(let count)) where (0...1_000_000_000).contains(count): byTier[tier] = Int(count)
                default:
                    findings.report(
                        .shape, at: limit.position(tier.rawValue),
                        "\(what) needs a count or null for the tier `\(tier.rawValue)`")
                }
            }
            return Limit(name: member.key, byTier: byTier)
        }
    }

    /// `dispatcher: {"work_order.*": business}`
    func roles(_ map: MapReader) -> [Role] {
        map.entries("roles").compactMap { member in
            findings.check(member.key, .word, at: member.position, "the role")
            let what = "the role `\(member.key)`"
            guard let grants = MapReader.members(of: member.value, what, findings: findings) else { return nil }
            return Role(name: member.key, grants: grants.compactMap { grant($0, what) })
        }
    }

    private func grant(_ member: YAMLMember, _ what: String) -> Role.Grant? {
        guard case .scalar(.text(let word)) = member.value.content else {
            findings.report(.shape, at: member.value.position, "\(what) needs a scope for `\(member.key)`")
            return nil
        }
        if let scope = PermissionScope(rawValue: word) { return Role.Grant(pattern: member.key, scope: scope) }
        findings.reportUnknown(
            .unknownWord, at: member.value.position, "the scope", word, known: ["own", "business"])
        return nil
    }

    func mounts(_ map: MapReader) -> [Mount] {
        map.entries("mounts").compactMap { member in
            findings.check(member.key, .route, at: member.position, "the mount")
            let what = "the mount `\(member.key)`"
            guard let mount = MapReader(member.value, what, keys: ManifestGrammar.mount, findings: findings),
                let entity = mount.requiredText("entity"),
                let reference = findings.reference(entity, at: mount.position("entity"))
            else { return nil }
            return Mount(
                route: member.key, entity: reference, matching: mount.entries("where").compactMap { match($0, what) },
                feature: mount.text("feature"))
        }
    }

    private func match(_ member: YAMLMember, _ what: String) -> Mount.Match? {
        guard case .scalar(.text(let value)) = member.value.content else {
            findings.report(.shape, at: member.value.position, "\(what) needs a text for `\(member.key)`")
            return nil
        }
        return Mount.Match(field: member.key, value: value)
    }
}
