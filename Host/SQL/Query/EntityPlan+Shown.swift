package import HostModel

extension EntityPlan {
    /// The entities whose records a read, a list or an aggregate may show or depend on, lines included.
    package var shown: Set<EntityMark> {
        Set(([table] + form.children.map(\.table)).map(\.mark))
    }

    /// The same with everything that may be included.
    package var shownWithIncludes: Set<EntityMark> { shown.union(inclusions.flatMap(Self.shown)) }

    private static func shown(_ inclusion: Inclusion) -> [EntityMark] {
        [inclusion.table.mark] + inclusion.nested.flatMap(shown)
    }
}
