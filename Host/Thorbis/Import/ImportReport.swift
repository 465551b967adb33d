import HostModel

/// What an import came to.
struct ImportReport {
    let job: JSONValue
    /// The first ones.
    let faults: [JSONValue]
    let client: ImportClient

    var isClean: Bool { job["status"] == "done" && job["rows_failed"] == 0 }

    var json: String {
        JSONValue.object(JSONObject(["import": job, "faults": .array(faults)])).text
    }

    var text: String {
        var lines = [summary]
        if let failure = job["failure"], failure != .null {
            lines.append("it failed: \(failure["detail"]?.string ?? failure["code"]?.string ?? "")")
            for error in failure["errors"]?.array ?? [] {
                lines.append("  \(error["path"]?.string ?? ""): \(error["detail"]?.string ?? "")")
            }
        }
        for invariant in job["invariants"]?.array ?? [] where invariant["holds"] == false {
            let rows = invariant["rows"]?.int.map { "\($0) records break it" } ?? invariant["failure"]?.string ?? ""
            lines.append("doesn't hold: \(invariant["title"]?.string ?? "") (\(rows))")
        }
        guard !faults.isEmpty else { return lines.joined(separator: "\n") }
        let rows = faults.map { fault in
            [
                "\(fault["row"]?.int ?? 0)", "\(fault["line"]?.int ?? 0)",
                fault["column"]?.string ?? fault["path"]?.string ?? "",
                fault["code"]?.string ?? "", fault["detail"]?.string ?? "",
            ]
        }
        lines += Self.table([["row", "line", "column", "code", "what is wrong"]] + rows)
        if number("rows_failed") > 0 {
            lines.append("all bad rows, with what is wrong, to be corrected and imported again:")
            lines.append(
                "  curl -H \"Authorization: Bearer $TOKEN\" \(client.address(ofBadRows: job["id"]?.string ?? ""))")
        }
        return lines.joined(separator: "\n")
    }

    private var summary: String {
        let verb = job["dry_run"] == true ? "checked" : "imported"
        let counts = [
            "\(number("rows_done")) rows \(verb)", "\(number("rows_created")) new", "\(number("rows_updated")) changed",
            "\(number("rows_unchanged")) as they were", "\(number("rows_failed")) failed",
        ]
        return "\(job["status"]?.string ?? ""): " + counts.joined(separator: ", ")
    }

    private func number(_ name: String) -> Int64 { job[name]?.int ?? 0 }

    private static func table(_ rows: [[String]]) -> [String] {
        let widths = (0..<4).map { column in min(30, rows.map { $0[column].count }.max() ?? 0) }
        return rows.map { row in
            let cells = zip(row.prefix(4), widths).map { cell, width in
                String(cell.prefix(width)) + String(repeating: " ", count: max(0, width - cell.count))
            }
            return (cells + [row[4]]).joined(separator: "  ")
        }
    }
}
