import HostManifest
import HostModel
import HostPostgres
import HostSQL

/// The numbers of one entity's sequence field, as operations take them.
struct NumberSeries {
    let text: NumberText

    init(_ text: NumberText) {
        self.text = text
    }

    /// Nil for an entity without a sequence field.
    init?(_ name: String, in plugin: PluginID, _ manifests: ManifestSet) {
        let parts = name.split(separator: ".").map(String.init)
        let owner = parts.count > 1 ? PluginID(parts[0]) : plugin
        guard let owner, let name = parts.last(where: { $0 != owner.description }) ?? parts.last else { return nil }
        let reference = EntityReference(plugin: owner, name: name)
        guard let entity = manifests.entity(reference), let text = NumberText(entity, of: reference) else { return nil }
        self.text = text
    }

    /// Locks the series' row until the transaction ends: the next taker waits, so a rollback leaves no gap.
    var take: SQLCommand { SQLCommand(NumberText.take, [text.key, text.prefix]) }

    /// Reads the answer of ``take``.
    func number(_ rows: Rows) throws(Problem) -> String {
        guard rows.count == 1, let number = rows.text(0, 0) else { throw .failed }
        return number
    }

    /// Takes a number in a transaction of its own, so that nobody waits for the caller's: a rollback leaves a gap.
    ///
    /// The short transaction doesn't wait for the disk. Whatever uses the number is committed later, and its commit
    /// makes durable all that was written before: a number can't be given again once a record with it is kept.
    func takeApart(_ lane: TenantLane, in scope: TenantScope) async throws(Problem) -> String {
        try number(await lane.writeLightly(take, in: scope))
    }
}
