extension Manifest {
    /// What bears another name in the database once this manifest is migrated to, though the earlier one's statements
    /// know it by the name of before. For people, such as `work_order.summary to title`; empty when the earlier
    /// version's code can serve on the migrated tables.
    package func renames(since earlier: Manifest) -> [String] {
        let entities = formerNames.entities.filter { new, old in
            earlier.entity(old) != nil && earlier.entity(new) == nil
        }
        let fields = formerNames.fields.flatMap { entity, names in
            let before = earlier.entity(formerNames.entities[entity] ?? entity) ?? earlier.entity(entity)
            return names.filter { new, old in
                let known = before?.fields.map(\.name) ?? []
                return known.contains(old) && !known.contains(new)
            }.map { new, old in "\(entity).\(old) to \(new)" }
        }
        return (entities.map { new, old in "\(old) to \(new)" } + fields).sorted()
    }
}
