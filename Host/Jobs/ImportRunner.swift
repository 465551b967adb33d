import Foundation
import HostAuth
import HostManifest
package import HostModel
package import HostStorage
import HostTenancy
import HostTransfer

/// Works on import jobs, one after the other, for the life of the process.
///
/// Any number of them may run, in any number of hosts: a job is claimed with a lease, so that one that dies with its
/// host is gone on with by another, from the last batch that was committed.
package struct ImportRunner: Sendable {
    private let queue: ImportQueue
    private let catalogue: ImportCatalogue
    private let observer: any Observer
    private let chosen: @Sendable (BusinessID) -> Storage?

    /// How often an idle runner looks for a job.
    private static let pause: Duration = .milliseconds(500)
    /// How many looks of an idle runner are between two for files to throw away.
    private static let cleaningPeriod = 600

    /// - Parameter chosen: The stores of a business that other plugins serve than all others; nil for these.
    package init(
        storage: Storage, observer: any Observer, chosen: @escaping @Sendable (BusinessID) -> Storage? = { _ in nil }
    ) {
        queue = storage.importQueue
        catalogue = storage.importCatalogue
        self.observer = observer
        self.chosen = chosen
    }

    /// Until the task is cancelled; a job that isn't done is left to whoever comes next.
    ///
    /// - Parameter storage: Asked before each job, for those of a business or for everybody's: a reload changes which
    ///   entities there are, and so does a rollout.
    package static func run(observer: any Observer, storage: @escaping @Sendable (BusinessID?) -> Storage) async {
        var idle = 0
        while !Task.isCancelled {
            let runner = ImportRunner(storage: storage(nil), observer: observer) { storage($0) }
            let didWork = await runner.step(isCleaning: idle % cleaningPeriod == 1)
            idle = didWork ? 0 : idle + 1
            if !didWork {
                // Cancelled while it sleeps: the loop's condition sees it.
                try? await Task.sleep(for: pause)
            }
        }
    }

    /// Works on one job, if one waits; whether one did.
    package func step(isCleaning: Bool = false) async -> Bool {
        do throws(Problem) {
            if let job = try await queue.claim() {
                // With the entities that the file was sent for.
                let storage = chosen(job.business)
                let runner = storage.map { ImportRunner(storage: $0, observer: observer) } ?? self
                await runner.work(on: job)
                return true
            }
            return isCleaning ? try await queue.forgetOutdatedFile() : false
        } catch {
            // The database is away, as the requests' answers and the lanes' observations say; looked for again soon.
            return false
        }
    }

    private func work(on job: ClaimedImport) async {
        do {
            guard job.attempts <= ImportBounds.attemptsMax else { throw Self.givenUp(job) }
            let invariants = try await run(job)
            try await queue.end(job, failure: nil, invariants: invariants)
        } catch let fault as FileFault {
            await end(job, failure: Self.document(fault))
        } catch let problem as Problem {
            // Somebody else's job, or a database that is away: the lease's end puts it back into the queue.
            guard problem != .lostImport, ![.unavailable, .deadlineExceeded].contains(problem.code) else { return }
            await end(job, failure: Self.document(problem))
        } catch {
            guard !(error is CancellationError) else { return await release(job) }
            observer.observe(.databaseRefused(detail: "import \(job.id): \(error)"))
        }
    }

    /// What the invariants found afterwards; nil after a dry run, which changes nothing.
    private func run(_ job: ClaimedImport) async throws -> JSONValue? {
        let target = try catalogue.target(job.entity)
        let verbs = ["import", "create", "update"]
        let roles = RoleCatalogue(
            definitions: RoleDefinition.all(of: catalogue.manifests), permissions: verbs.map { target.permission($0) })
        let permissions = roles.permissions(for: job.roles)
        _ = try permissions.require(target.permission("import"))
        _ = try permissions.require(target.permission("create"))
        let reach = job.mode == .upsert ? try permissions.require(target.permission("update")) : .business
        if let feature = target.feature {
            try FeatureGate(catalogue.manifests).require(
                FeatureName(plugin: feature.plugin, name: feature.name), in: job.tier)
        }
        try await ImportRun(
            queue: queue, job: job, target: target, reach: reach, manifests: catalogue.manifests,
            custom: try await queue.customFields(of: target, job)
        ).run()
        return job.isDryRun ? nil : .array(try await queue.invariants(after: job, target, in: catalogue.manifests))
    }

    private func end(_ job: ClaimedImport, failure: JSONValue) async {
        do throws(Problem) {
            try await queue.end(job, failure: failure)
        } catch {
            // The lease ends by itself, and the next runner finds the same.
            return
        }
    }

    /// For whoever comes next, without waiting for the lease's end.
    private func release(_ job: ClaimedImport) async {
        do throws(Problem) {
            try await queue.release(job)
        } catch {
            // The lease ends by itself.
            return
        }
    }

    private static func givenUp(_ job: ClaimedImport) -> Problem {
        Problem(
            Problem.Code("import_given_up"),
            "The import was taken up \(job.attempts - 1) times and never got past row "
                + "\(job.checkpoint?.rowCount ?? 0); it was given up.")
    }

    private static func document(_ fault: FileFault) -> JSONValue {
        var document = JSONObject(["code": .string(fault.code), "detail": .string(fault.detail)])
        document["line"] = fault.line.map { .int(Int64($0)) }
        document["offset"] = fault.offset.map { .int(Int64($0)) }
        return .object(document)
    }

    private static func document(_ problem: Problem) -> JSONValue {
        let faults = problem.faults.map { fault -> JSONValue in
            ["path": .string(fault.path), "code": .string(fault.code), "detail": .string(fault.detail)]
        }
        var document = JSONObject([
            "code": .string(problem.code.description), "detail": .string(problem.detail),
        ])
        if !faults.isEmpty { document["errors"] = .array(faults) }
        for (name, value) in problem.members where document[name] == nil { document[name] = value }
        return .object(document)
    }
}
