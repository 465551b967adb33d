import HostManifest
import HostModel
import NIOHTTP1

/// The routes that write several records at once, or by another system's name.
extension RecordRoutes {
    /// A hundred records of the usual size.
    private static let batchBytesMax = 4_194_304
    /// A hundred waits for locks; the transaction's own time is a second less.
    private static let batchDeadline: Duration = .seconds(30)

    /// Nil for an entity that takes no item.
    var batch: Route? {
        let verbs = batchVerbs
        guard !verbs.isEmpty else { return nil }
        return Route(
            .POST, group.base + "/batch", input: .batch(bodyBytesMax: Self.batchBytesMax),
            deadline: Self.batchDeadline,
            page: page(
                "batch", "Write several of", .named("\(group.reference).batch_answer", status: 200),
                codes: [.alreadyExists, .notFound, .versionConflict, .invalidTransition],
                query: [
                    .init(
                        name: RecordBatch.partial, type: "boolean",
                        detail: "Whether items stand alone; if not given, one fault undoes all.")
                ], body: "\(group.reference).batch"),
            handler: .tenant(
                Route.Requirement(permission: nil, feature: group.feature),
                endpoints.batch(group, verbs, creating: parent + group.entity.bodyFields)))
    }

    /// Nil where records aren't made by their generated route.
    var upsert: Route? {
        guard group.entity.isWrittenByRoutes, !replacesCreate else { return nil }
        var requirement = group.requirement("update")
        requirement.also = [group.permission("create")]
        return Route(
            .PUT, group.base + "/external/{id}",
            input: .create(
                parent + group.entity.bodyFields, status: status, lines: group.lines(.some),
                bodyBytesMax: bodyBytesMax),
            precondition: .optional,
            page: page(
                "upsert", "Create or change one by its external id of", .record(group.reference, status: 200),
                codes: [.alreadyExists, .notFound, .versionConflict, .conflict]),
            handler: .tenant(requirement, endpoints.upsert(group)))
    }

    private var batchVerbs: Set<BatchItem.Verb> {
        var verbs: Set<BatchItem.Verb> = []
        if group.entity.isWrittenByRoutes {
            verbs.insert(.update)
            if !replacesCreate { verbs.insert(.create) }
            if group.entity.isArchivable { verbs.insert(.archive) }
        }
        if group.entity.states?.transitions.contains(where: { $0.operation == nil }) == true {
            verbs.insert(.transition)
        }
        return verbs
    }
}
