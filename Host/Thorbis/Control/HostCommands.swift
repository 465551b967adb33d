import HostModel

/// What a host answers to operators' commands.
struct HostCommands: Sendable {
    let plugins: ServingPlugins
    let metrics: HostsMetrics

    func answer(to request: ControlRequest?) async -> JSONValue {
        do {
            return try await obey(request)
        } catch let failure as CommandFailure {
            return ControlAnswer.failure(failure)
        } catch {
            return ControlAnswer.failure("\(error)")
        }
    }

    private func obey(_ request: ControlRequest?) async throws -> JSONValue {
        switch request {
        case nil, .handOver, .adviseHandOver:
            return ControlAnswer.failure("this host doesn't know the command; is it of another version?")
        case .metrics: return metrics.answer
        case .list: return ControlAnswer.plugins(plugins.generations)
        case .obeyQuarantine: return try await obey(.reload(again: []))
        case .reload(let again):
            let report = try await plugins.reload(again: again)
            return ControlAnswer.plugins(plugins.generations, report)
        case .prepare(let ticket, let again):
            return ControlAnswer.prepared(try await plugins.prepare(ticket, again: again))
        case .commit(let ticket, let watch):
            let report = try await plugins.commit(ticket, watch: watch)
            return ControlAnswer.plugins(plugins.generations, report)
        case .takeBack(let ticket):
            try await plugins.takeBack(ticket)
            return ControlAnswer.done
        case .abort(let ticket):
            await plugins.abort(ticket)
            return ControlAnswer.done
        }
    }
}
