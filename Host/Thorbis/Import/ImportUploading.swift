import ArgumentParser
import Foundation
import HostModel

/// Brings the file to the server, from where an earlier try stopped.
struct ImportUploading {
    let client: ImportClient
    let source: ImportSource
    let progress: ImportProgress

    /// One request's share. A multiple of ``comparedBytes``, so that what is there can be compared.
    private static let partBytes = 2 << 20
    /// The server keeps files in pieces of this size.
    private static let comparedBytes = 262_144

    /// Makes the job or finds the one that was begun, sends what is missing and starts it; its id.
    func run(_ order: JSONObject) async throws -> String {
        var job = try await begun(order)
        if job == nil { job = try await client.create(order) }
        guard let job, let id = job["id"]?.string else {
            throw CommandFailure.environment("the server's answer has no id.")
        }
        var sent = Int(job["bytes_received"]?.int ?? 0)
        if sent > 0 { progress.note("going on with import \(id) at byte \(sent)") }
        while sent < source.bytes {
            let part = try source.read(Self.partBytes, at: sent)
            guard !part.isEmpty else { throw CommandFailure.environment("\(source.name) got shorter meanwhile.") }
            _ = try await client.upload(part, at: sent, to: id)
            sent += part.count
            progress.show("uploading", done: sent, of: source.bytes, rows: nil)
        }
        _ = try await client.start(id)
        return id
    }

    /// A job of the same order whose upload was interrupted, if its bytes are this file's.
    private func begun(_ order: JSONObject) async throws -> JSONValue? {
        let same = ["entity", "format", "mode", "dry_run", "on_error", "file_name", "mapping"]
        let jobs = try await client.list().filter { job in
            job["status"] == "uploading" && job["bytes_total"]?.int == Int64(source.bytes)
                && (job["key"]?.string == order["key"]?.string) && same.allSatisfy { job[$0] == order[$0] }
        }
        for job in jobs {
            guard let id = job["id"]?.string, let received = job["bytes_received"]?.int, received > 0 else { continue }
            if try await isSame(id, received: Int(received)) { return job }
        }
        return nil
    }

    /// Sends the first and the last piece once more: the server takes them only if they are what it has.
    private func isSame(_ id: String, received: Int) async throws -> Bool {
        guard received % Self.comparedBytes == 0 else { return false }
        for offset in Set([0, received - Self.comparedBytes]) {
            do {
                _ = try await client.upload(try source.read(Self.comparedBytes, at: offset), at: offset, to: id)
            } catch let failure as CommandFailure where failure.exitCode.rawValue == 1 {
                return false
            }
        }
        return true
    }
}

/// Asks how far the server is until it is done.
struct ImportWatch {
    let client: ImportClient
    let progress: ImportProgress

    private static let pause: Duration = .milliseconds(300)

    func run(_ id: String) async throws -> JSONValue {
        while true {
            let job = try await client.read(id)
            let status = job["status"]?.string ?? ""
            let total = Int(job["bytes_received"]?.int ?? 0)
            let rows = ImportProgress.Rows(
                done: Int(job["rows_done"]?.int ?? 0), failed: Int(job["rows_failed"]?.int ?? 0))
            progress.show(status, done: Int(job["bytes_done"]?.int ?? 0), of: total, rows: rows)
            if ["done", "failed", "cancelled"].contains(status) {
                progress.end()
                return job
            }
            try await Task.sleep(for: Self.pause)
        }
    }
}
