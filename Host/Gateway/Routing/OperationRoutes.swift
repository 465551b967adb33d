import HostManifest
import HostModel
import HostTenancy
import NIOHTTP1

/// The routes of a plugin's operations.
struct OperationRoutes {
    let manifest: Manifest
    let endpoints: OperationEndpoints

    func routes() -> [Route] { manifest.operations.compactMap(route) }

    /// Nil for an operation that only events and other plugins call.
    private func route(_ operation: Operation) -> Route? {
        guard let path = operation.route, let permission = operation.permission else { return nil }
        let requirement = Route.Requirement(
            permission: Permission("\(manifest.id).\(permission)"),
            feature: operation.feature.map { FeatureName(plugin: manifest.id, name: $0) })
        let takesBody = path.method != "GET"
        let fields = operation.input.filter { $0.name != "id" }
        return Route(
            HTTPMethod(rawValue: path.method), "/api/\(manifest.id)/app/v1\(path.path)",
            input: takesBody ? .fields(fields, bodyBytesMax: operation.limits.bodyBytesMax) : .none,
            precondition: path.path.contains("{id}") ? .optional : .none,
            keying: operation.effects == .read ? .ignored : nil,
            deadline: operation.limits.timeout + .seconds(1),
            page: page(operation, path),
            handler: .tenant(requirement, endpoints.perform(operation, of: manifest)))
    }

    private func page(_ operation: Operation, _ path: Operation.Route) -> RoutePage {
        var codes = operation.errors.map { Problem.Code($0) } + [.conflict]
        let transitions = manifest.entities.flatMap { $0.states?.transitions ?? [] }
        if transitions.contains(where: { $0.operation == operation.name && !$0.guards.isEmpty }) {
            codes.append(.guardFailed)
        }
        if path.path.contains("{id}") { codes += [.notFound, .versionConflict, .invalidTransition] }
        return RoutePage(
            operationID: "\(manifest.id)_\(operation.name)", summary: Self.words(operation.name),
            tag: manifest.id.description, answer: answer(operation), codes: codes)
    }

    private func answer(_ operation: Operation) -> RoutePage.Answer {
        let status = operation.replacesCreateOf == nil ? 200 : 201
        return switch operation.output {
        case .nothing: .nothing
        case .entity(let name): .record(EntityReference(plugin: manifest.id, name: name), status: status)
        case .fields(let fields): .fields(fields, status: status)
        }
    }

    /// `completeWorkOrder` → `Complete work order`.
    private static func words(_ name: String) -> String {
        let words = name.reduce(into: "") { $0 += $1.isUppercase ? " " + $1.lowercased() : String($1) }
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}
