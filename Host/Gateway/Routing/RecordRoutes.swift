import HostManifest
import HostModel
import HostSQL
import NIOHTTP1

/// The generated routes of a group of records.
///
/// An entity that only operations write is listed and read; a create route that an operation replaces is left out.
struct RecordRoutes {
    let group: RecordGroup
    let replacesCreate: Bool
    let endpoints: RecordEndpoints

    func routes() -> [Route] {
        var routes = [list, aggregate, export, read]
        if group.entity.isWrittenByRoutes {
            if !replacesCreate { routes.append(create) }
            routes.append(update)
            if group.entity.isArchivable { routes.append(archive) }
            if !group.entity.counters.isEmpty { routes.append(adjust) }
        }
        if group.entity.states != nil { routes.append(history) }
        if group.entity.states?.hasLabels == true { routes.append(label) }
        return routes + [batch, upsert].compactMap { $0 } + transitions
    }

    var status: String? { group.entity.states?.field }

    /// A line belongs to its parent from the start.
    var parent: [Field] {
        guard let parent = group.entity.parent else { return [] }
        let reference = EntityReference(plugin: group.reference.plugin, name: parent.entity)
        return [PlatformField.make(parent.entity, .reference(reference), isRequired: true)]
    }

    private var one: String { group.base + "/{id}" }
    private var shows: ShownEntities { ShownEntities(group.plan) }

    private var list: Route {
        Route(
            .GET, group.base, shows: shows,
            page: page(
                "list", "List", .list(group.reference), codes: [.invalidCursor, .validationFailed],
                query: ListParameters.all(group)),
            handler: .tenant(group.requirement("read"), endpoints.list(group)))
    }

    private var export: Route {
        Route(
            .GET, group.base + "/export",
            // Until the first rows: what comes after has the stream's own deadline.
            deadline: .seconds(30),
            page: page(
                "export", "Export", .bytes(contentTypes: ["application/x-ndjson", "text/csv"]), codes: [.unavailable],
                query: ExportParameters.all(group)),
            handler: .tenant(group.requirement("export"), endpoints.export(group)))
    }

    private var aggregate: Route {
        Route(
            .GET, group.base + "/aggregate", shows: shows,
            page: page(
                "aggregate", "Sum up", .named("Aggregate", status: 200), codes: [.validationFailed, .amountOverflow],
                query: ListParameters.aggregate(group)),
            handler: .tenant(group.requirement("read"), endpoints.aggregate(group)))
    }

    private var read: Route {
        Route(
            .GET, one, shows: shows,
            page: page(
                "read", "Read one of", .record(group.reference, status: 200), codes: [.notFound, .validationFailed],
                query: ListParameters.one(group)),
            handler: .tenant(group.requirement("read"), endpoints.read(group)))
    }

    private var history: Route {
        Route(
            .GET, one + "/history", shows: shows,
            page: page(
                "history", "How the status came about of one of", .named("StatusHistoryPage", status: 200),
                codes: [.notFound, .invalidCursor, .validationFailed], query: PageParameters.documented),
            handler: .tenant(group.requirement("read"), endpoints.history(group)))
    }

    private var create: Route {
        Route(
            .POST, group.base,
            input: .create(
                parent + group.entity.bodyFields, status: status, lines: group.lines(.new), bodyBytesMax: bodyBytesMax),
            page: page("create", "Create one of", .record(group.reference, status: 201), codes: [.alreadyExists]),
            handler: .tenant(group.requirement("create"), endpoints.create(group)))
    }

    private var update: Route {
        Route(
            .PATCH, one,
            input: .patch(
                group.entity.bodyFields, status: status, lines: group.lines(.some), bodyBytesMax: bodyBytesMax),
            precondition: .required,
            page: page(
                "update", "Change one of", .record(group.reference, status: 200),
                codes: [.notFound, .versionConflict, .preconditionRequired, .alreadyExists]),
            handler: .tenant(group.requirement("update"), endpoints.update(group)))
    }

    private var archive: Route {
        Route(
            .POST, one + "/actions/archive", input: .fields([], bodyBytesMax: 1_024), precondition: .required,
            page: page(
                "archive", "Archive one of", .record(group.reference, status: 200),
                codes: [.notFound, .versionConflict, .preconditionRequired]),
            handler: .tenant(group.requirement("archive"), endpoints.archive(group)))
    }

    /// Steps commute, so nobody needs to have read the record.
    private var adjust: Route {
        let steps = group.entity.counters.map {
            PlatformField.make($0.name, .int(min: -Self.stepMax, max: Self.stepMax))
        }
        return Route(
            .POST, one + "/actions/adjust",
            input: .fields(steps + [Self.reason(isRequired: false)], bodyBytesMax: 4_096), precondition: .optional,
            page: page(
                "adjust", "Add to counters of one of", .record(group.reference, status: 200),
                codes: [.notFound, .versionConflict, .counterOutOfRange]),
            handler: .tenant(group.requirement("adjust"), endpoints.adjust(group)))
    }

    private var label: Route {
        Route(
            .POST, one + "/actions/\(StateMachine.labelAction)",
            input: .fields(
                [PlatformField.make(StateMachine.labelColumn, .uuid), Self.reason(isRequired: false)],
                bodyBytesMax: 4_096),
            precondition: .optional,
            page: page(
                StateMachine.labelAction, "Set the label of the status of one of",
                .record(group.reference, status: 200), codes: [.notFound, .versionConflict]),
            handler: .tenant(group.requirement(StateMachine.labelAction), endpoints.label(group)))
    }

    /// As far apart as two values of a number field can be, which every JSON reader keeps exactly.
    private static let stepMax: Int64 = 9_007_199_254_740_991

    /// The transitions that the host applies itself; those of operations have the operation's route.
    private var transitions: [Route] {
        (group.entity.states?.transitions ?? []).filter { $0.operation == nil }.map { transition in
            Route(
                .POST, one + "/actions/" + transition.name.replacing("_", with: "-"),
                input: .fields([Self.reason(isRequired: transition.needsReason)], bodyBytesMax: 4_096),
                precondition: .optional,
                page: page(
                    transition.name, "Apply \(transition.name) to one of", .record(group.reference, status: 200),
                    codes: [.notFound, .versionConflict, .invalidTransition]
                        + (transition.guards.isEmpty ? [] : [.guardFailed])),
                handler: .tenant(
                    group.requirement(transition.permission), endpoints.transition(group, transition)))
        }
    }

    /// Enough for every field of an entity at its longest; text fields have bounds of their own.
    var bodyBytesMax: Int { group.plan.lines.isEmpty ? 262_144 : 1_048_576 }

    /// Why somebody did it; kept in the audit trail.
    private static func reason(isRequired: Bool) -> Field {
        PlatformField.make("reason", .text(min: 1, max: 500, pattern: nil), isRequired: isRequired)
    }

    func page(
        _ verb: String, _ summary: String, _ answer: RoutePage.Answer, codes: [Problem.Code],
        query: [RoutePage.QueryParameter] = [], body: String? = nil
    ) -> RoutePage {
        let noun = group.noun.replacing("-", with: "_")
        return RoutePage(
            operationID: "\(group.plugin)_\(noun)_\(verb)", summary: "\(summary) \(group.route)",
            tag: group.plugin.description, answer: answer, codes: codes, query: query,
            bodySchema: body)
    }
}
