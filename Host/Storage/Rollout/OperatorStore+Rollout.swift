package import HostModel
import HostPostgres

extension OperatorStore {
    /// What is wanted; nothing on a database without the tables for it.
    package func desiredPlugins() async throws(Problem) -> DesiredPlugins {
        let isThere = SQLStatement(name: nil, text: "SELECT to_regclass('thorbis.plugin_rollout') IS NOT NULL")
        guard try await asAdministrator(SQLCommand(isThere, [])).text(0, 0) == "t" else { return .nothing }
        let rows = try await asOwner(SQLCommand(SQLStatement(name: nil, text: DesiredPlugins.statement), []))
        guard let json = try? JSONParser.parse(rows.bytes(0, 0) ?? []), let desired = DesiredPlugins(json: json) else {
            throw RolloutStore.newer
        }
        return desired
    }
}
