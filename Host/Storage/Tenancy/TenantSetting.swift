import HostModel

/// The first statement of every transaction of a tenant.
///
/// The setting is local to the transaction, so a connection never carries a business over to the next one.
enum TenantSetting {
    private static let write = SQLStatement(
        name: "tenant.write", text: "SELECT set_config('thorbis.business_id', $1, true)", effect: .none)
    private static let read = SQLStatement(
        name: "tenant.read",
        text: "SELECT set_config('thorbis.business_id', $1, true), set_config('transaction_read_only', 'on', true)",
        effect: .none)

    /// For a transaction whose commit needn't wait for the disk.
    static let lightly = SQLCommand(
        SQLStatement(
            name: "tenant.lightly", text: "SELECT set_config('synchronous_commit', 'off', true)", effect: .none), [])

    /// For a transaction that may change the business's data.
    static func writing(_ scope: TenantScope) -> SQLCommand { SQLCommand(write, [scope.business.description]) }

    /// For one that PostgreSQL keeps from changing anything.
    static func reading(_ scope: TenantScope) -> SQLCommand { SQLCommand(read, [scope.business.description]) }
}
