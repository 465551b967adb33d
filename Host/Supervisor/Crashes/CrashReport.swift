import HostModel

/// What a host left behind: the record of its end, if its handler could write one, and what the numbers mean.
package struct CrashReport: Sendable {
    /// A plugin that the host had mapped.
    package struct Generation: Hashable, Sendable {
        package let number: Int
        package let plugin: String
        package let version: String
        /// SHA-256 of the mapped bytes.
        package let digest: String
        /// The path that the dynamic loader knows it by.
        package let image: String
        package let operations: [String]
    }

    package let record: CrashRecord?
    /// Whether it had begun to serve.
    package let isReady: Bool
    private let modules: [Int: String]
    private let generations: [Int: Generation]

    /// Reads a crash file. Lines that can't be read are left out: the process may have died while it wrote one.
    package init(_ bytes: [UInt8]) {
        record = CrashRecord(bytes)
        var modules: [Int: String] = [:]
        var generations: [Int: Generation] = [:]
        var isReady = false
        for line in bytes.dropFirst(CrashRecord.byteCount).split(separator: UInt8(ascii: "\n")) {
            guard let json = try? JSONParser.parse(Array(line)) else { continue }
            if let number = json["module"]?.int { modules[Int(number)] = json["path"]?.string ?? "" }
            if let generation = Generation(json) { generations[generation.number] = generation }
            if json["ready"] == true { isReady = true }
        }
        self.modules = modules
        self.generations = generations
        self.isReady = isReady
    }

    /// The generation that is mapped from a file.
    private func generation(of module: Int) -> Generation? {
        guard let path = modules[module], !path.isEmpty else { return nil }
        return generations.values.first { $0.image == path }
    }

    /// Whose code it was, by the best of four signs; nil when none points at a plugin.
    package var culprit: Culprit? {
        guard let record else { return nil }
        let own = record.frames.enumerated().lazy.compactMap { place, frame -> Culprit? in
            guard let generation = frame.module.flatMap(generation(of:)) else { return nil }
            return culprit(generation, by: place == 0 ? .address : .caller)
        }
        if let found = own.first { return found }
        if let marked = record.generation.flatMap({ generations[$0] }) { return culprit(marked, by: .mark) }
        return record.suspect.flatMap(generation(of:)).map { culprit($0, by: .stack) }
    }

    /// The mark tells the operation, if it is one of the same plugin.
    private func culprit(_ generation: Generation, by sign: Culprit.Sign) -> Culprit {
        var operation: String?
        if record?.generation == generation.number, let place = record?.operation {
            operation = generation.operations.indices.contains(place) ? generation.operations[place] : nil
        }
        return Culprit(generation: generation, operation: operation, sign: sign)
    }

    /// The stack for people: `hs 1.4.0 +0x1a2b`, `libswiftCore.so +0x3c4d`, `thorbis +0x5e6f`.
    package var stack: [String] {
        (record?.frames ?? []).map { frame in
            let offset = "+0x\(String(frame.offset, radix: 16))"
            guard let module = frame.module else { return "? \(offset)" }
            if let generation = generation(of: module) {
                return "\(generation.plugin) \(generation.version) \(offset)"
            }
            let path = modules[module] ?? ""
            return "\(path.split(separator: "/").last.map(String.init) ?? "thorbis") \(offset)"
        }
    }
}

/// The plugin whose code ended a process, or holds a thread of it.
package struct Culprit: Hashable, Sendable {
    /// What points at it, the surest first.
    package enum Sign: String, Sendable {
        /// The instruction that failed is in its code.
        case address
        /// Its code called what failed.
        case caller
        /// The thread worked for it.
        case mark
        /// The stack has addresses of its code, below functions that keep no chain of callers.
        case stack
    }

    package let generation: CrashReport.Generation
    /// Nil when it isn't known, as of work that was detached from its call.
    package let operation: String?
    package let sign: Sign
}

extension CrashReport.Generation {
    init?(_ json: JSONValue) {
        guard let number = json["generation"]?.int, let plugin = json["plugin"]?.string,
            let version = json["version"]?.string, let digest = json["digest"]?.string
        else { return nil }
        self.number = Int(number)
        self.plugin = plugin
        self.version = version
        self.digest = digest
        image = json["image"]?.string ?? ""
        operations = json["operations"]?.array?.compactMap(\.string) ?? []
    }
}
