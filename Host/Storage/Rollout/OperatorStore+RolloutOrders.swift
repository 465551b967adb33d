import HostManifest
package import HostModel
import HostPostgres

/// The rows of rollouts as the operator's commands write them. The database counts the revisions and tells the hosts.
extension OperatorStore {
    /// Everything that is wanted, and what became of it.
    package func rolloutOverview() async throws(Problem) -> RolloutOverview {
        let rows = try await asOwner(SQLCommand(Self.statement(RolloutOverview.statement), []))
        guard let json = try? JSONParser.parse(rows.bytes(0, 0) ?? []), let overview = RolloutOverview(json: json)
        else { throw RolloutStore.newer }
        return overview
    }

    /// Writes a plugin's row in the place of an earlier one.
    ///
    /// - Returns: Its revision; nil when somebody else has changed it since it was read.
    package func write(_ row: Rollout, after earlier: Rollout?) async throws(Problem) -> Int64? {
        let values: [SQLParameter] = [
            row.plugin.description, row.stable.version.description, row.stable.digest,
            row.candidate?.version.description, row.candidate?.digest, row.previous?.version.description,
            row.previous?.digest, "\(row.percent)",
            "{" + row.businesses.map(\.description).joined(separator: ",") + "}", row.state.rawValue, row.reason,
        ]
        let rows: Rows
        if let earlier {
            rows = try await asOwner(SQLCommand(Self.change, values + ["\(earlier.revision)"]))
        } else {
            rows = try await asOwner(SQLCommand(Self.make, values))
        }
        return rows.count == 1 ? rows.text(0, 0).flatMap { Int64($0) } : nil
    }

    /// Gives a business one version, in the place of another one that it is pinned to. The plugin has a row.
    package func pin(_ pin: PluginPin) async throws(Problem) {
        let values = [
            pin.business.description, pin.plugin.description, pin.package.version.description, pin.package.digest,
        ]
        _ = try await asOwner(SQLCommand(Self.pin, values))
    }

    /// - Returns: Whether it was pinned.
    package func unpin(_ business: BusinessID, from plugin: PluginID) async throws(Problem) -> Bool {
        try await asOwner(SQLCommand(Self.unpin, [business.description, plugin.description])).count == 1
    }

    /// The name of a business; nil when there is none of that id.
    package func name(of business: BusinessID) async throws(Problem) -> String? {
        do {
            return try await database.transaction(deadline: .seconds(10)) { transaction in
                let commands = [
                    PlatformRoles.actAsOwner, TenantSetting.reading(.operating(business)),
                    SQLCommand(BusinessStatements.facts, []),
                ]
                return BusinessFacts(try await transaction.execute(commands)[2], of: business)?.name
            }
        } catch {
            throw refusals.problem(any: error, request: nil)
        }
    }

    private static func statement(_ text: String) -> SQLStatement { SQLStatement(name: nil, text: text) }

    private static let make = statement(
        """
        INSERT INTO thorbis.plugin_rollout (plugin, stable_version, stable_digest, candidate_version, candidate_digest,
            previous_version, previous_digest, percent, businesses, state, reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8::int, $9::uuid[], $10, $11)
        ON CONFLICT (plugin) DO NOTHING RETURNING revision
        """)

    private static let change = statement(
        """
        UPDATE thorbis.plugin_rollout SET stable_version = $2, stable_digest = $3, candidate_version = $4,
            candidate_digest = $5, previous_version = $6, previous_digest = $7, percent = $8::int,
            businesses = $9::uuid[], state = $10, reason = $11
        WHERE plugin = $1 AND revision = $12::bigint RETURNING revision
        """)

    private static let pin = statement(
        """
        INSERT INTO thorbis.plugin_pin (business, plugin, version, digest) VALUES ($1::uuid, $2, $3, $4)
        ON CONFLICT (business, plugin) DO UPDATE SET version = excluded.version, digest = excluded.digest
        """)

    private static let unpin = statement(
        "DELETE FROM thorbis.plugin_pin WHERE business = $1::uuid AND plugin = $2 RETURNING plugin")
}
