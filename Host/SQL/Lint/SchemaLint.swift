package import HostManifest
import HostModel

/// Judges what a catalogue says, together with what the manifests promise. Pure.
package struct SchemaLint: Sendable {
    private let facts: CatalogueFacts
    private let manifests: ManifestSet

    package init(_ facts: CatalogueFacts, manifests: ManifestSet) {
        self.facts = facts
        self.manifests = manifests
    }

    /// Tables that are read before the business is known: their policies name roles.
    private static let gated: Set<String> = ["auth.refresh_token", "users.membership"]
    /// A person may belong to several businesses.
    private static let freeKeys: Set<String> = ["membership_user_id_fkey"]
    /// SECURITY DEFINER on purpose: what must be known before the business is.
    private static let definers: Set<String> = [
        "auth.sign_in_facts", "auth.refresh_business", "auth.enrol", "auth.invite", "auth.set_password",
        "businesses.ids_after", "imports.claim", "imports.outdated", "search.add_words",
        "search.change_words",
    ]

    /// Everything that is wrong, by rule and then by name.
    package var findings: [LintFinding] {
        let all = tables + policies + keys + views + functions + sorts + indexes + money + statuses + words + role
        return all.sorted { ($0.rule.rawValue, $0.object) < ($1.rule.rawValue, $1.object) }
    }

    private var tenantTables: [CatalogueFacts.Table] { facts.tables.filter(\.isTenant) }

    private var tables: [LintFinding] {
        let plugins = Set(manifests.manifests.map(\.id.description))
        let open = tenantTables.filter { !$0.isSecured || !$0.isForced }.map { table in
            LintFinding(
                rule: .unsecuredTable, object: table.path,
                message: table.isSecured
                    ? "row-level security isn't forced on the owner" : "row-level security is off")
        }
        let nobodys = facts.tables.filter { !$0.isTenant && plugins.contains($0.schema) }.map { table in
            LintFinding(rule: .tableWithoutBusiness, object: table.path, message: "there is no business_id")
        }
        return open + nobodys
    }

    private var policies: [LintFinding] {
        let whole = facts.rows("policies").filter { $0["whole"]?.bool == true }
        return tenantTables.flatMap { table in
            [(true, "permissive"), (false, "restrictive")].compactMap { isPermissive, name in
                let isThere = whole.contains {
                    $0["table"]?.string == table.path && $0["permissive"]?.bool == isPermissive
                }
                guard !isThere else { return nil }
                return LintFinding(
                    rule: .missingPolicy, object: table.path,
                    message: "there is no \(name) policy for all commands with USING and WITH CHECK")
            }
        }
            + facts.rows("volatile").compactMap(\.string).map { table in
                LintFinding(rule: .volatilePolicy, object: table, message: "a policy calls a volatile function")
            }
    }

    private var keys: [LintFinding] {
        facts.rows("keys").compactMap { row in
            guard let table = row["table"]?.string, let name = row["name"]?.string,
                row["first"]?.string != "business_id", !Self.freeKeys.contains(name)
            else { return nil }
            return LintFinding(
                rule: .keyNotLedByBusiness, object: table, message: "the key \(name) doesn't begin with business_id")
        }
    }

    private var views: [LintFinding] {
        facts.rows("views").compactMap { row in
            guard let name = row["name"]?.string else { return nil }
            let options = row["options"]?.string ?? ""
            let isInvoker = ["security_invoker=true", "security_invoker=on"].contains { options.contains($0) }
            guard row["kind"]?.string == "m" || !isInvoker else { return nil }
            return LintFinding(rule: .openView, object: name, message: "it reads as its owner, not as whoever asks")
        }
    }

    private var functions: [LintFinding] {
        facts.rows("definers").compactMap { row in
            guard let name = row["name"]?.string else { return nil }
            let isKnown =
                Self.definers.contains(name) && row["owner"]?.string == "thorbis_gate" && row["open"]?.bool == false
                && (row["path"]?.string ?? "").hasPrefix("search_path=pg_catalog, pg_temp")
            guard !isKnown else { return nil }
            return LintFinding(
                rule: .definerFunction, object: name, message: "it runs as \(row["owner"]?.string ?? "its owner")")
        }
    }

    private var sorts: [LintFinding] {
        let indexes = facts.rows("indexes").filter { $0["valid"]?.bool == true && $0["where"]?.string == "" }
        return manifests.manifests.flatMap { manifest in
            manifest.entities.map { RecordTable($0, of: manifest.id) }.flatMap { table in
                table.sortColumns.compactMap { column in
                    let path = table.reference.description
                    let wanted = ["business_id", column.name]
                    let isThere = indexes.contains { index in
                        let columns = (index["columns"]?.array ?? []).map { $0.string ?? "" }
                        return index["table"]?.string == path && Array(columns.prefix(2)) == wanted
                            && columns.dropFirst(2).first == "id"
                    }
                    guard !isThere else { return nil }
                    return LintFinding(
                        rule: .sortWithoutIndex, object: path,
                        message: "lists sort by \(column.name), and no index is on (business_id, \(column.name), id)")
                }
            }
        }
    }

    private var indexes: [LintFinding] {
        facts.rows("indexes").compactMap { row in
            let condition = row["where"]?.string ?? ""
            guard condition.contains("archived_at IS NOT NULL") || condition.contains("deleted_at IS NOT NULL")
            else { return nil }
            return LintFinding(
                rule: .deadIndex, object: row["table"]?.string ?? "",
                message: "the index \(row["name"]?.string ?? "") has only rows that are gone: \(condition)")
        }
    }

    private var money: [LintFinding] {
        facts.rows("money").map { row in
            LintFinding(
                rule: .inexactMoney, object: row["column"]?.string ?? "",
                message: "it is \(row["type"]?.string ?? ""), not bigint")
        }
    }

    private var statuses: [LintFinding] {
        manifests.manifests.flatMap { manifest in
            manifest.entities.filter { $0.states != nil }.compactMap { entity in
                let table = RecordTable(entity, of: manifest.id)
                return missing(["status_start", "status_step"].map { ConstraintNames(table).trigger($0) }, table)
                    .map { LintFinding(rule: .freeStatus, object: table.reference.description, message: $0) }
            }
        }
    }

    private var words: [LintFinding] {
        manifests.manifests.flatMap { manifest in
            manifest.entities.map { RecordTable($0, of: manifest.id) }.compactMap { table in
                SearchDDL(table).flatMap { missing($0.triggers.map(\.name), table) }
                    .map { LintFinding(rule: .unkeptWords, object: table.reference.description, message: $0) }
            }
        }
    }

    /// What is said of triggers that a table should have; nil when all are there and on.
    private func missing(_ triggers: [String], _ table: RecordTable) -> String? {
        let there = facts.rows("triggers").filter { $0["table"]?.string == table.reference.description }
            .compactMap { $0["name"]?.string }
        let missing = triggers.filter { !there.contains($0) }
        return missing.isEmpty ? nil : "the trigger \(missing.joined(separator: ", ")) isn't there or is off"
    }

    private var role: [LintFinding] {
        let powers = [
            ("super", "is a superuser"), ("bypass", "may bypass row-level security"),
            ("create_role", "may make roles"), ("create_db", "may make databases"),
            ("owner", "may act as the owner of the tables"), ("temp", "may make temporary tables"),
            ("create", "may make tables and functions"), ("owns", "owns tables"),
        ]
        return powers.filter { facts.document["role"]?[$0.0]?.bool == true }.map { power in
            LintFinding(rule: .powerfulRole, object: "thorbis_app", message: "it \(power.1)")
        }
    }
}
