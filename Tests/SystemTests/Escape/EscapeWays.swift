import Foundation
import HostModel
import Testing

/// What the OpenAPI document alone doesn't lead to: rows that point across by force, and rows of files.
struct EscapeWays {
    let description: APIDescription
    let victim: EscapeFirm
    let intruder: EscapeFirm
    let digest: DatabaseDigest

    // MARK: Includes

    /// A record of one's own that names another business's: no key lets it be stored, so it is written past them all.
    /// Row-level security alone is left, and `include` shows null.
    func includes() async throws {
        var shown = 0
        for route in description.routes where route.isList && !route.hasID && route.parameters.contains("include") {
            guard let entity = route.answer, let own = intruder.ids[entity] else { continue }
            for (name, schema) in description.schemas[entity]?["properties"]?.object?.members ?? [] {
                guard let target = description.target(name, schema, of: entity), let id = victim.ids[target] else {
                    continue
                }
                shown += try await include(name, id, in: entity, own, at: route.pattern)
            }
        }
        #expect(shown > 8, "includes of references")
    }

    /// - Returns: 1 when the entity includes the member, otherwise 0.
    private func include(
        _ column: String, _ id: String, in entity: String, _ own: String, at path: String
    ) async throws -> Int {
        let member = String(column.dropLast(3))
        let query = "?include=\(member)"
        let before = try await intruder.firm.client.get("\(path)/\(own)\(query)")
        guard before.status == 200 else { return 0 }
        let table = entity.split(separator: ".").map { "\"\($0)\"" }.joined(separator: ".")
        let row = "WHERE business_id = '\(intruder.firm.businessID)' AND id = '\(own)'"
        let old = before.json[column]?.string.map { "'\($0)'" } ?? "NULL"
        try await digest.write("UPDATE \(table) SET \"\(column)\" = '\(id)' \(row)")
        for answer in [
            try await intruder.firm.client.get("\(path)/\(own)\(query)"),
            try await intruder.firm.client.get("\(path)\(query)&filter%5Bid%5D=\(own)"),
        ] {
            let record = answer.json["data"]?[0] ?? answer.json
            #expect(answer.status == 200 && record[column]?.string == id, "\(path)\(query): \(answer.text)")
            #expect(record[member] == .null, "\(path)\(query): \(answer.text)")
            #expect(!answer.text.contains(victim.mark), "\(path)\(query)")
        }
        try await digest.write("UPDATE \(table) SET \"\(column)\" = \(old) \(row)")
        return 1
    }

    /// Another business's line that says it belongs to one's own document.
    func lines() async throws {
        let documents = [
            ("hs.work_order", "work_order_line", "\(Firm.hs)/work-orders", "\(Firm.hs)/work-order-lines"),
            ("core.invoice", "invoice_line", "\(Firm.core)/invoices", "\(Firm.core)/invoice-lines"),
            ("lists.book", "chapter", "/api/lists/app/v1/books", "/api/lists/app/v1/chapters"),
        ]
        for (document, line, path, lines) in documents {
            let parts = document.split(separator: ".").map(String.init)
            let own = try #require(intruder.ids[document])
            let lineID = try #require(victim.ids["\(parts[0]).\(line)"])
            let (table, parent) = ("\"\(parts[0])\".\"\(line)\"", "\(parts[1])_id")
            let row = "WHERE business_id = '\(victim.firm.businessID)' AND id = '\(lineID)'"
            let old = try #require(try await victim.firm.client.get("\(lines)/\(lineID)").json[parent]?.string)
            try await digest.write("UPDATE \(table) SET \"\(parent)\" = '\(own)' \(row)")
            let member = document == "lists.book" ? "chapters" : "lines"
            for query in ["", "?include=\(member)"] {
                let answer = try await intruder.firm.client.get("\(path)/\(own)\(query)")
                #expect(answer.status == 200 && answer.json[member]?.array != nil, "\(path)\(query): \(answer.text)")
                #expect(!answer.text.contains(lineID) && !answer.text.contains(victim.mark), "\(path)\(query)")
            }
            try await digest.write("UPDATE \(table) SET \"\(parent)\" = '\(old)' \(row)")
        }
    }

    // MARK: Imports

    /// Files whose rows name another business's records: those rows are refused, the row without is not.
    func imports() async throws {
        var places = 0
        for route in description.routes where route.method == "POST" && !route.hasID && !route.isOpen {
            guard let entity = route.answer, let schema = route.body, entity != "File" else { continue }
            let references = description.references(in: schema, of: entity).filter {
                $0.path.count == 1 && victim.ids[$0.entity] != nil
            }
            guard !references.isEmpty else { continue }
            places += try await rows(of: entity, schema, references)
        }
        #expect(places > 3, "rows that name another's record")
    }

    /// - Returns: How many rows named a record of the other business; 0 for an entity that isn't imported.
    private func rows(of entity: String, _ schema: JSONValue, _ references: [ReferencePlace]) async throws -> Int {
        let imports = "/api/platform/app/v1/imports"
        let order: JSONValue = ["entity": .string(entity), "format": "ndjson", "mapping": ["others": "ignore"]]
        let made = try await intruder.firm.client.post(imports, order)
        guard made.status == 201, let job = made.json["id"]?.string else { return 0 }
        let own = intruder.body(schema, entity: entity, isFull: false, number: 4_000)
        let rows = references.map {
            own.replacing($0.path[...], with: victim.ids[$0.entity].map { .string($0) } ?? .null)
        }
        let text = rows.map { $0.text + "\n" }.joined()
        let sent = try await intruder.firm.client.send(
            "PUT", "\(imports)/\(job)/chunks?offset=0", body: Array(text.utf8),
            headers: ["Content-Type": "application/x-ndjson"])
        #expect(sent.status == 200, "\(entity): \(sent.text)")
        #expect(try await intruder.firm.client.post("\(imports)/\(job)/actions/start").status == 200)
        let ended = try await eventually(within: .seconds(30)) { () -> JSONValue? in
            let answer = try await intruder.firm.client.get("\(imports)/\(job)").json
            return ["done", "failed"].contains(answer["status"]?.string) ? answer : JSONValue?.none
        }
        #expect(ended["rows_failed"]?.int == Int64(rows.count), "\(entity): \(ended.text)")
        #expect(ended["rows_created"] == 0 && ended["rows_updated"] == 0, "\(entity): \(ended.text)")
        let faults = try await intruder.firm.client.get("\(imports)/\(job)/faults")
        for reference in references {
            let isNamed = faults.json["data"]?.array?.contains { fault in
                fault["path"]?.string == "/\(reference.path[0])" && fault["code"] == "unknown_reference"
            }
            #expect(isNamed == true, "\(entity) \(reference.path): \(faults.text)")
        }
        #expect(!faults.text.contains(victim.mark), "\(entity)")
        return rows.count
    }

    /// A reference by the other's external id finds nothing either, and an upsert by it makes a record of one's own.
    func externalIDs() async throws {
        let external = "\(victim.mark)-import"
        let parties = "\(Firm.core)/parties"
        let theirs = try await victim.firm.make(
            parties, ["display_name": .string(victim.mark), "external_id": .string(external)])
        let before = try await digest.rows(of: victim.firm.businessID)
        let mine: JSONValue = ["display_name": "Mine"]
        let answer = try await intruder.firm.client.send(
            "PUT", "\(parties)/external/\(external)", body: mine.utf8, headers: [:])
        #expect(answer.status == 201 && answer.json["id"] != theirs["id"], "\(answer.text)")
        #expect(try await digest.rows(of: victim.firm.businessID) == before)
    }
}
