import HostModel
import HostStorage
import HostTransfer
import NIOCore

/// `GET …/imports/{id}/bad-rows`: the rows that weren't imported, as they stand in the file, each with what is wrong:
/// to be corrected and sent again.
struct ImportBadRows: TenantEndpoint {
    let desk: ImportDesk

    private static let deadline: Duration = .seconds(120)

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let (id, job) = try await desk.rows(request)
        let isCSV = (try? JSONParser.parse(job.json.bytes))?["format"]?.string == "csv"
        let head = try await desk.store.head(of: id, in: request.tenant)
        let form: any BadRowForm = isCSV ? BadCells(head) : BadObjects()
        let store = desk.store
        let tenant = request.tenant
        let stream = HTTPStream(deadline: Self.deadline) { writer in
            try await writer.write(ByteBuffer(bytes: form.header))
            var last: Int64 = 0
            while true {
                let rows = try await store.badRows(of: id, after: last, in: tenant)
                guard let end = rows.last else { return }
                last = end.number
                try await writer.write(ByteBuffer(bytes: rows.flatMap { form.line($0) }))
            }
        }
        let type = isCSV ? "text/csv; charset=utf-8" : "application/x-ndjson"
        return HTTPResponse(status: 200, contentType: .other(type), body: .stream(stream))
    }
}

/// How bad rows are written.
private protocol BadRowForm: Sendable {
    var header: [UInt8] { get }
    func line(_ row: ImportStore.BadRow) -> [UInt8]
}

/// CSV: a column more, in the file's own dialect.
private struct BadCells: BadRowForm {
    let header: [UInt8]
    private let delimiter: UInt8

    init(_ head: [UInt8]) {
        var reader = CSVReader()
        reader.feed(head)
        reader.finish()
        let event = try? reader.next()
        delimiter = reader.state.delimiter ?? UInt8(ascii: ",")
        let line = event.map { Array(head[$0.range]) } ?? []
        header = Self.extended(line, Array(ImportMapping.faultColumn.utf8), delimiter)
    }

    func line(_ row: ImportStore.BadRow) -> [UInt8] {
        let message = row.message.replacing("\"", with: "\"\"").replacing("\n", with: " ")
        return Self.extended(row.bytes, Array("\"\(message)\"".utf8), delimiter)
    }

    private static func extended(_ line: [UInt8], _ value: [UInt8], _ delimiter: UInt8) -> [UInt8] {
        line.withoutLineEnd + [delimiter] + value + [0x0D, 0x0A]
    }
}

/// NDJSON: a member more; a line that is no object becomes one that holds it.
private struct BadObjects: BadRowForm {
    let header: [UInt8] = []

    func line(_ row: ImportStore.BadRow) -> [UInt8] {
        var object = JSONObject([ImportMapping.faultColumn: .string(row.message)])
        let text = row.bytes.withoutLineEnd
        if let members = (try? JSONParser.parse(text))?.object?.members {
            for (name, value) in members { object[name] = value }
        } else {
            object["import_text"] = .string(String(decoding: text, as: UTF8.self))
        }
        return JSONValue.object(object).utf8 + [0x0A]
    }
}

extension [UInt8] {
    fileprivate var withoutLineEnd: [UInt8] {
        var line = self[...]
        while line.last == 0x0A || line.last == 0x0D { line.removeLast() }
        return Array(line)
    }
}
