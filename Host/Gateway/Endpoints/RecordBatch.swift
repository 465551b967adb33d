import HostAuth
import HostManifest
import HostModel
import HostSQL
import HostStorage

/// `POST …/batch`: up to a hundred creates, changes and transitions in one transaction.
///
/// Everything that the request shows is checked before anything runs: the form of the items, the permission for each,
/// the values.
struct RecordBatch: TenantEndpoint {
    /// The parameter that makes items stand alone.
    static let partial = "partial"

    let target: RecordTarget
    let group: RecordGroup
    let ids: UUIDv7Source
    /// Which items the entity takes.
    let verbs: Set<BatchItem.Verb>
    let creates: InputValidator
    let patches: InputValidator

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let isPartial = try Self.isPartial(request.http.query)
        let items = try BatchItem.items(of: request.body.values)
        var reach: [PermissionScope] = []
        for (index, item) in items.enumerated() {
            reach.append(try permit(item, at: index, request.principal))
        }
        let values = items.enumerated().map { checked($0.element, at: $0.offset) }
        if !isPartial { try Self.refuse(values) }
        let answers = try await target.records.together(
            items.count, in: request.tenant, deadline: request.transactionTime, isPartial: isPartial
        ) { index, scope throws(Problem) in
            let values = try values[index].get()
            do throws(Problem) {
                return try await self.perform(items[index], values, request.working(in: scope), reach[index])
            } catch {
                throw error.placed(at: index, items[index].verb)
            }
        }
        return .json(Self.text(answers, request.http.id))
    }

    private static func isPartial(_ query: Substring) throws(Problem) -> Bool {
        var isPartial = false
        for (name, value) in try QueryString.parameters(query) {
            guard name == partial, value == "true" || value == "false" else {
                throw .invalid(name, name == partial ? "format" : "unknown_parameter", "A batch takes partial=true.")
            }
            isPartial = value == "true"
        }
        return isPartial
    }

    // MARK: Before anything runs

    /// - Throws: `forbidden` with the item, `validation_failed` for what the entity doesn't take.
    private func permit(_ item: BatchItem, at index: Int, _ principal: Principal) throws(Problem) -> PermissionScope {
        let place = "/items/\(index)"
        guard verbs.contains(item.verb) else {
            throw .invalid("\(place)/op", "enum", "\(group.route) takes no \(item.verb.rawValue) in a batch.")
        }
        var verb = item.verb.rawValue
        if item.verb == .transition {
            guard let transition = transition(item.action) else {
                throw .invalid(
                    "\(place)/action", "enum", "There is no transition of that name that needs no operation.")
            }
            verb = transition.permission
        }
        do throws(Problem) {
            return try principal.permissions.require(group.permission(verb))
        } catch {
            throw error.placed(at: index, item.verb)
        }
    }

    private func transition(_ name: String?) -> StateMachine.Transition? {
        group.entity.states?.transitions.first { $0.name == name && $0.operation == nil }
    }

    private func checked(_ item: BatchItem, at index: Int) -> Result<[String: JSONValue], Problem> {
        do throws(Problem) {
            switch item.verb {
            case .create: return .success(try creates.values(of: item.values))
            case .update: return .success(try patches.values(of: item.values))
            case .archive, .transition: return .success([:])
            }
        } catch {
            return .failure(error.placed(at: index, item.verb))
        }
    }

    /// - Throws: `validation_failed` with the faults of all items.
    private static func refuse(_ values: [Result<[String: JSONValue], Problem>]) throws(Problem) {
        let problems = values.compactMap { result -> Problem? in
            if case .failure(let problem) = result { problem } else { nil }
        }
        guard let first = problems.first else { return }
        guard problems.count > 1 else { throw first }
        throw Problem(
            .validationFailed, "\(problems.count) items are not valid.",
            faults: Array(problems.flatMap(\.faults).prefix(200)))
    }

    // MARK: Running

    private func perform(
        _ item: BatchItem, _ values: [String: JSONValue], _ request: AuthorizedRequest, _ reach: PermissionScope
    ) async throws(Problem) -> HTTPResponse {
        let (records, plan, scope) = (target.records, target.plan, request.tenant)
        let id = item.id ?? values["id"]?.string.flatMap { RecordID($0) } ?? RecordID(ids.next())
        switch item.verb {
        case .create:
            var values = values
            values["id"] = .string(id.description)
            let record = try await records.create(
                plan, values, in: scope, lines: target.lineRights(request.principal))
            return await target.answerWrite(record, id, to: request, status: 201)
        case .update:
            let record = try await records.update(
                plan, id, version: item.version ?? 0, values, in: scope, reach: reach,
                lines: target.lineRights(request.principal))
            return await target.answerWrite(record, id, to: request)
        case .archive:
            let record = try await records.archive(plan, id, version: item.version ?? 0, in: scope, reach: reach)
            return await target.answerWrite(record, id, to: request)
        case .transition:
            let record = try await records.transition(
                plan, id, item.action ?? "", version: item.version, reason: item.reason, in: scope, reach: reach)
            return await target.answerWrite(record, id, to: request)
        }
    }

    /// `{"items":[{"status":201,"record":{…}},{"status":409,"problem":{…}}]}`, in the order of the request.
    private static func text(_ answers: [Result<HTTPResponse, Problem>], _ id: RequestID) -> [UInt8] {
        var text = Array("{\"items\":[".utf8)
        for (index, answer) in answers.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            let (response, member) =
                switch answer {
                case .success(let response): (response, "record")
                case .failure(let problem): (ProblemDocument.response(problem, id: id), "problem")
                }
            text += "{\"status\":\(response.status),\"\(member)\":".utf8
            text += response.body.copy ?? []
            text.append(UInt8(ascii: "}"))
        }
        return text + "]}".utf8
    }
}

extension Problem {
    /// The same problem of one item of a batch: faults are at the item's values, and there is always one.
    fileprivate func placed(at index: Int, _ verb: BatchItem.Verb) -> Problem {
        let place = "/items/\(index)"
        let takesValues = verb == .create || verb == .update
        let faults = faults.map {
            Fault(path: place + (takesValues ? "/values" : "") + $0.path, code: $0.code, detail: $0.detail)
        }
        let whole = Fault(path: place, code: code.description, detail: detail)
        return Problem(
            code, detail, faults: faults.isEmpty ? [whole] : faults, members: members, retryAfter: retryAfter)
    }
}
