package import Foundation
package import HostModel
package import HostPostgres

/// The rows of rollouts as a host reads and answers them; connected as `thorbis_app`.
package struct RolloutStore: Sendable {
    /// Notified by the database itself whenever a row of a rollout or a pin changes.
    package static let channel = "thorbis_rollout"

    private let database: Database
    private static let deadline: Duration = .seconds(5)

    package init(database: Database) {
        self.database = database
    }

    /// - Throws: ``DatabaseError``; a `Problem` for rows that a newer release wrote.
    package func desired() async throws -> DesiredPlugins {
        try await read(DesiredPlugins.statement) { DesiredPlugins(json: $0) }
    }

    package func overview() async throws -> RolloutOverview {
        try await read(RolloutOverview.statement) { RolloutOverview(json: $0) }
    }

    /// A sign of life, which makes the host's row at the first time, and clears away those of hosts that are gone.
    ///
    /// - Returns: Whether the row was made: what the host had said before isn't there then.
    package func beat(_ host: RolloutHost) async throws(DatabaseError) -> Bool {
        try await run([
            SQLCommand(Self.beat, [host.id.uuidString, host.node, "\(host.pid)"]),
            SQLCommand(Self.clear, ["\(Int(RolloutHost.ageMax / .seconds(1)))"]),
        ])[0].text(0, 0) == "t"
    }

    /// For a host that ends in order.
    package func leave(_ host: UUID) async throws(DatabaseError) {
        _ = try await run([SQLCommand(Self.leave, [host.uuidString])])
    }

    /// Takes the place of what the host said before of each plugin.
    package func write(_ acknowledgements: [RolloutAcknowledgement]) async throws(DatabaseError) {
        for acknowledgement in acknowledgements {
            _ = try await run([
                SQLCommand(
                    Self.acknowledge,
                    [
                        acknowledgement.host.uuidString, acknowledgement.plugin.description,
                        "\(acknowledgement.revision)", acknowledgement.outcome.rawValue, acknowledgement.detail,
                    ])
            ])
        }
    }

    /// Takes the place of what the host said before of each version.
    package func write(_ figures: [RolloutFigures]) async throws(DatabaseError) {
        for figures in figures {
            let buckets = "{" + figures.buckets.map(String.init).joined(separator: ",") + "}"
            _ = try await run([
                SQLCommand(
                    Self.note,
                    [
                        figures.host.uuidString, figures.plugin.description, "\(figures.revision)", figures.digest,
                        "\(figures.calls)", "\(figures.faults)", buckets, "\(figures.crashes)",
                    ])
            ])
        }
    }

    /// Has every host go back to the stable version, unless the row was changed since that revision.
    ///
    /// - Parameter reason: For people; cut at ``Rollout/reasonCharactersMax``.
    /// - Returns: Whether it was still rolling at that revision.
    package func takeBack(
        _ plugin: PluginID, revision: Int64, reason: String
    ) async throws(DatabaseError) -> Bool {
        let reason = String(reason.prefix(Rollout.reasonCharactersMax))
        let command = SQLCommand(Self.takeBack, [plugin.description, "\(revision)", reason])
        return try await run([command])[0].count == 1
    }

    private func read<Value>(_ statement: String, _ value: (JSONValue) -> Value?) async throws -> Value {
        let command = SQLCommand(SQLStatement(name: nil, text: statement), [])
        let rows = try await database.run(DatabaseUnit([command], deadline: Self.deadline))[0]
        guard let json = try? JSONParser.parse(rows.bytes(0, 0) ?? []), let value = value(json) else {
            throw Self.newer
        }
        return value
    }

    static let newer = Problem(
        .unavailable, "The rows of rollouts were written by a newer release: start that one.")

    /// Writes wait for the disk: no request should wait behind them.
    private func run(_ commands: [SQLCommand]) async throws(DatabaseError) -> [Rows] {
        try await database.run(DatabaseUnit(commands, deadline: Self.deadline, isExclusive: true))
    }
}

extension RolloutStore {
    private static func statement(_ text: String) -> SQLStatement { SQLStatement(name: nil, text: text) }

    private static let beat = statement(
        """
        INSERT INTO thorbis.host (id, node, pid) VALUES ($1::uuid, $2, $3::int)
        ON CONFLICT (id) DO UPDATE SET seen_at = clock_timestamp() RETURNING xmax = 0
        """)

    private static let clear = statement(
        "DELETE FROM thorbis.host WHERE seen_at < clock_timestamp() - make_interval(secs => $1::int)")

    private static let leave = statement("DELETE FROM thorbis.host WHERE id = $1::uuid")

    /// Nothing for a row that is gone meanwhile.
    private static let acknowledge = statement(
        """
        INSERT INTO thorbis.rollout_ack (host, plugin, revision, outcome, detail)
        SELECT $1::uuid, $2, $3::bigint, $4, $5
        WHERE EXISTS (SELECT FROM thorbis.plugin_rollout WHERE plugin = $2)
            AND EXISTS (SELECT FROM thorbis.host WHERE id = $1::uuid)
        ON CONFLICT (host, plugin) DO UPDATE SET revision = excluded.revision, outcome = excluded.outcome,
            detail = excluded.detail, seen_at = clock_timestamp()
        """)

    private static let note = statement(
        """
        INSERT INTO thorbis.rollout_figures (host, plugin, revision, digest, calls, faults, buckets, crashes)
        SELECT $1::uuid, $2, $3::bigint, $4, $5::bigint, $6::bigint, $7::bigint[], $8::int
        WHERE EXISTS (SELECT FROM thorbis.plugin_rollout WHERE plugin = $2)
            AND EXISTS (SELECT FROM thorbis.host WHERE id = $1::uuid)
        ON CONFLICT (host, plugin, digest) DO UPDATE SET revision = excluded.revision, calls = excluded.calls,
            faults = excluded.faults, buckets = excluded.buckets, crashes = excluded.crashes,
            seen_at = clock_timestamp()
        """)

    private static let takeBack = statement(
        """
        UPDATE thorbis.plugin_rollout SET state = 'rolled_back', reason = $3
        WHERE plugin = $1 AND revision = $2::bigint AND state = 'rolling' RETURNING plugin
        """)
}
