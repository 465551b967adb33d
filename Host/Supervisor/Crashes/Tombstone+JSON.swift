package import HostModel

/// The form in `<data>/tombstones` and of `thorbis plugin crashes --format json`.
extension Tombstone {
    package var json: JSONValue {
        var document = JSONObject()
        document["at"] = .string(at.rfc3339 ?? "")
        document["pid"] = .int(Int64(pid))
        document["kind"] = .string(kind.rawValue)
        document["signal"] = signal.map { .int(Int64($0)) } ?? .null
        document["phase"] = .string(isBoot ? "starting" : "serving")
        document["plugin"] = blame.map { .string($0.plugin) } ?? .null
        if let blame {
            document["version"] = .string(blame.version)
            document["digest"] = .string(blame.digest)
            document["generation"] = .int(Int64(blame.generation))
            document["operation"] = blame.operation.map { .string($0) } ?? .null
            document["known_by"] = .string(blame.sign.rawValue)
        }
        document["fault"] = fault.map { .string("0x\(String($0, radix: 16))") } ?? .null
        document["stack"] = .array(stack.map { .string($0) })
        return .object(document)
    }

    /// Nil for anything that isn't a tombstone.
    package init?(_ json: JSONValue) {
        guard let at = json["at"]?.string.flatMap({ Timestamp(rfc3339: $0) }), let pid = json["pid"]?.int,
            let kind = json["kind"]?.string.flatMap(Kind.init(rawValue:))
        else { return nil }
        self.init(
            at: at, pid: Int32(truncatingIfNeeded: pid), kind: kind,
            signal: json["signal"]?.int.map { Int32(truncatingIfNeeded: $0) }, isBoot: json["phase"] == "starting",
            fault: json["fault"]?.string.flatMap { UInt64($0.dropFirst(2), radix: 16) }, blame: Blame(json),
            stack: json["stack"]?.array?.compactMap(\.string) ?? [])
    }
}

extension Tombstone.Blame {
    init(_ culprit: Culprit) {
        self.init(
            plugin: culprit.generation.plugin, version: culprit.generation.version,
            digest: culprit.generation.digest, generation: culprit.generation.number, operation: culprit.operation,
            sign: culprit.sign)
    }

    init?(_ json: JSONValue) {
        guard let plugin = json["plugin"]?.string, let version = json["version"]?.string,
            let digest = json["digest"]?.string, let generation = json["generation"]?.int,
            let sign = json["known_by"]?.string.flatMap(Culprit.Sign.init(rawValue:))
        else { return nil }
        self.init(
            plugin: plugin, version: version, digest: digest, generation: Int(generation),
            operation: json["operation"]?.string, sign: sign)
    }
}
