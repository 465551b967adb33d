package import HostModel
import HostPostgres

extension OperatorStore {
    /// Whether no business ever signed up.
    ///
    /// Asks the audit trail's counter, which every sign-up moves: row-level security, which hides the businesses from
    /// the owner too, doesn't apply to it.
    package func isEmpty() async throws(Problem) -> Bool {
        let text = "SELECT NOT is_called FROM audit.entry_position_seq"
        return try await asOwner(SQLCommand(SQLStatement(name: nil, text: text), [])).text(0, 0) == "t"
    }

    /// Lets the runtime role log in with a password, on a database that isn't the private cluster.
    ///
    /// - Parameter password: Hexadecimal digits only, since ALTER ROLE takes no parameters.
    package func setRuntimePassword(_ password: String) async throws(Problem) {
        precondition(password.allSatisfy(\.isHexDigit), "only hexadecimal digits stand in SQL text")
        let text = "ALTER ROLE thorbis_app PASSWORD '\(password)'"
        _ = try await asAdministrator(SQLCommand(SQLStatement(name: nil, text: text), []))
    }
}
