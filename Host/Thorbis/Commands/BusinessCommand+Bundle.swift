import ArgumentParser
import Foundation
import HostModel
import HostStorage
import NIOCore

extension BusinessCommand {
    /// Writes a business into a file.
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write all that a business has into a file, for another installation or to keep.")

        @Argument(help: "The business's id.") var business: String
        @Option(help: "The file to write; it must not be there yet.") var to: String

        func run() async throws {
            try await reportingFailure {
                guard let id = BusinessID(business) else {
                    throw CommandFailure.usage("\(business) is no business id (a UUID).")
                }
                let settings = try await Settings.load()
                let manifests = try await DesiredInstallation.stable(settings).manifests
                let file = try BundleFile(creating: to)
                let sections: [BundleSection]
                do {
                    sections = try await withDatabase(try Installation.administratorAddress(settings: settings)) {
                        let store = OperatorStore(database: $0, clock: SystemClock(), observer: SilentObserver())
                        return try await store.export(id, manifests) { try file.write(Array($0.readableBytesView)) }
                    }
                    try file.keep()
                } catch {
                    file.discard()
                    throw BundleFile.failure(error)
                }
                BundleFile.printTable(sections)
                printLine("\(business) is in \(to)")
            }
        }
    }

    /// Brings a business in from a file.
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring a business in from a file of `thorbis business export`: all of it or nothing.")

        @Argument(help: "The file.") var file: String

        func run() async throws {
            try await reportingFailure {
                let settings = try await Settings.load()
                let manifests = try await DesiredInstallation.stable(settings).manifests
                guard let source = FileHandle(forReadingAtPath: file) else {
                    throw CommandFailure.usage("there is no readable file \(file).")
                }
                let archive = BundleArchive { try BundleFile.read($0, from: source) }
                do {
                    let address = try Installation.administratorAddress(settings: settings)
                    let (business, sections) = try await withDatabase(address) { database in
                        try await BundleRestore(
                            database: database, manifests: manifests, clock: SystemClock(), observer: SilentObserver()
                        ).run(archive)
                    }
                    BundleFile.printTable(sections)
                    printLine("\(business) is here, equal to what left; members sign in after `thorbis user password`")
                } catch {
                    throw BundleFile.failure(error)
                }
            }
        }
    }
}

/// A bundle on its way into a file, which has its name only when it is whole.
struct BundleFile {
    private let handle: FileHandle
    private let path: String
    private var draft: String { path + ".part" }

    /// - Throws: ``CommandFailure`` when the file is there already or can't be made.
    init(creating path: String) throws {
        self.path = path
        guard !FileManager.default.fileExists(atPath: path) else {
            throw CommandFailure.usage("the file \(path) is there already.")
        }
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        guard FileManager.default.createFile(atPath: path + ".part", contents: nil, attributes: attributes),
            let handle = FileHandle(forWritingAtPath: path + ".part")
        else { throw CommandFailure.environment("the file \(path).part can't be written.") }
        self.handle = handle
    }

    func write(_ bytes: [UInt8]) throws { try handle.write(contentsOf: bytes) }

    /// On the disk and under its name.
    func keep() throws {
        try handle.synchronize()
        try handle.close()
        try FileManager.default.moveItem(atPath: draft, toPath: path)
    }

    func discard() {
        // Only tidying up: the failure that led here is the one to tell.
        try? FileManager.default.removeItem(atPath: draft)
    }

    /// That many bytes, fewer only at the end of the file.
    static func read(_ count: Int, from file: FileHandle) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count, let more = try file.read(upToCount: count - bytes.count), !more.isEmpty {
            bytes.append(contentsOf: more)
        }
        return bytes
    }

    static func failure(_ error: any Error) -> any Error {
        guard let problem = error as? Problem else { return error }
        let isFinding = [.bundleDamaged, .bundleRefused, .notFound].contains(problem.code)
        return isFinding ? CommandFailure.findings(problem.detail) : CommandFailure.environment(problem.detail)
    }

    static func printTable(_ sections: [BundleSection]) {
        let width = sections.map(\.name.count).max() ?? 0
        for section in sections {
            let name = section.name + String(repeating: " ", count: width - section.name.count)
            let rows = String(section.rows)
            printLine("\(name)  \(String(repeating: " ", count: max(0, 9 - rows.count)))\(rows)  \(section.sha256)")
        }
    }
}
