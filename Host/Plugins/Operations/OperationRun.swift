import HostAuth
import HostManifest
import HostModel
import HostStorage
import PluginAPI

/// The steps of one operation inside its transaction.
struct OperationRun {
    let session: OperationSession
    let frame: CallFrame

    /// Runs the plugin's code and shows what it made, as it stands in the database now.
    func result() async throws(Problem) -> OperationResult {
        try await checkVersion()
        let value = try await value()
        return try await shown(value)
    }

    /// The record that the path names must be the one that the client saw.
    private func checkVersion() async throws(Problem) {
        guard let expected = session.request.expectedVersion, case .entity(let name) = frame.operation.output,
            let id = session.request.input["id"]?.string.flatMap({ HostModel.RecordID($0) })
        else { return }
        let reference = EntityReference(plugin: frame.plugin, name: name)
        guard let record = try await session.store.read(reference, id, locked: true) else { throw .notFound(name) }
        if record.version == expected { return }
        throw Problem(
            .versionConflict, "The record was changed since you read it; read it again.",
            members: ["current_version": .int(record.version)])
    }

    private func value() async throws(Problem) -> Value {
        guard let input = frame.operation.input.record(of: .object(JSONObject(session.request.input)), .fields) else {
            throw fault("an input that doesn't fit the manifest")
        }
        do {
            let value = try await session.run(frame, input, as: .user(RecordID(session.request.principal.user)))
            if let failure = session.failure { throw failure }
            return value
        } catch let refusal as Refusal {
            throw problem(refusal)
        } catch let problem as Problem {
            throw problem
        } catch {
            throw fault("\(error)")
        }
    }

    /// What the client sees of a refusal. One that only passes on a problem of the host ends in that very problem.
    private func problem(_ refusal: Refusal) -> Problem {
        if let failure = session.failure {
            // What a generation that was cut off gets has no code of the host: clients see the problem behind it.
            let isCutOff = refusal == .retired && !frame.operation.errors.contains(refusal.code)
            if isCutOff || failure.code.description == refusal.code { return failure }
        }
        return Problem(refusal, declared: frame.operation.errors) ?? fault("an undeclared refusal \(refusal.code)")
    }

    private func shown(_ value: Value) async throws(Problem) -> OperationResult {
        switch frame.operation.output {
        case .nothing: return OperationResult(json: nil, version: nil, record: nil)
        case .fields(let fields):
            guard let json = Record(value: value).flatMap({ fields.json(of: $0, .columns) }) else {
                throw fault("an output that doesn't fit the manifest")
            }
            return OperationResult(json: JSONValue.object(json).text, version: nil, record: nil)
        case .entity(let name):
            guard let id = Self.recordID(value) else { throw fault("an output that is no record") }
            let reference = EntityReference(plugin: frame.plugin, name: name)
            guard let record = try await session.store.read(reference, id, locked: false) else {
                throw fault("an output that isn't in the database")
            }
            return OperationResult(
                json: text(of: record, reference), version: record.version, record: id,
                standing: record.standing)
        }
    }

    /// Sensitive values are masked unless the caller may see them, whatever the plugin's code did with them.
    private func text(of record: any StoredForm, _ entity: EntityReference) -> String {
        let permission = Permission("\(entity).reveal")
        guard !record.secrets.isEmpty, session.request.principal.permissions.scope(of: permission) == .business,
            let json = try? JSONParser.parse(record.utf8)
        else { return String(decoding: record.utf8, as: UTF8.self) }
        return json.revealing(record.secrets).text
    }

    private static func recordID(_ value: Value) -> HostModel.RecordID? {
        let id =
            PluginAPI.RecordID(value: value) ?? Record(value: value).flatMap { PluginAPI.RecordID(value: $0["id"]) }
        return id.map { HostModel.RecordID($0) }
    }

    private func fault(_ detail: String) -> Problem {
        frame.entry.generation.blame()
        session.observer.observe(
            .internalError(request: session.request.request, room: "plugins", detail: "\(frame): \(detail)"))
        return .failed
    }
}

extension JSONObject {
    /// An object of these members, by name.
    init(_ members: [String: JSONValue]) {
        self.init()
        for (name, value) in members.sorted(by: { $0.key < $1.key }) { self[name] = value }
    }
}
