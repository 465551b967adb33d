// swift-tools-version: 6.2
import PackageDescription

// One settings list for every target of ours; docs/ARCHITECTURE.md has the map of the rooms.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .treatAllWarnings(as: .error),
    .treatWarning("DeprecatedDeclaration", as: .warning),
]

let pluginAPI: Target.Dependency = .product(name: "PluginAPI", package: "PluginAPI")
let pluginAPITesting: Target.Dependency = .product(name: "PluginAPITesting", package: "Testing")

/// A room of the host: one folder of `Host/`, one module, importing only what stands here.
func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: "Host\(name)", dependencies: dependencies, path: "Host/\(name)", swiftSettings: settings)
}

/// A vertical: logic that tests can link, and the thin loadable library around it.
///
/// The C entry symbol stands in `Plugin/` only, because all tests link into one bundle and two
/// definitions of it would collide there.
func vertical(_ name: String) -> [Target] {
    let logic: Target = .target(
        name: "\(name)Logic", dependencies: [pluginAPI], path: "Plugins/\(name)",
        exclude: ["Plugin"], sources: ["Logic", "Generated"],
        packageAccess: false, swiftSettings: settings)
    let plugin: Target = .target(
        name: "\(name)Plugin", dependencies: [pluginAPI, .target(name: logic.name)],
        path: "Plugins/\(name)/Plugin", packageAccess: false, swiftSettings: settings,
        linkerSettings: [
            .unsafeFlags([
                "-Xlinker", "-Bsymbolic", "-Xlinker", "-z", "-Xlinker", "nodelete",
                "-Xlinker", "--version-script=\(Context.packageDirectory)/Plugins/exports.map",
            ])
        ])
    return [logic, plugin]
}

/// The tests of one room, in the folder of the same name.
func tests(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], resources: [Resource] = []
) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies, path: "Tests/\(name)Tests", exclude: exclude,
        resources: resources, swiftSettings: settings)
}

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
]
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let jwt: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
    name: "thorbis",
    products: [
        .executable(name: "thorbis", targets: ["Thorbis"]),
        .library(name: "CorePlugin", type: .dynamic, targets: ["CorePlugin"]),
        .library(name: "HomeServicesPlugin", type: .dynamic, targets: ["HomeServicesPlugin"]),
    ],
    dependencies: [
        .package(path: "PluginAPI"),
        .package(path: "PluginAPI/Testing"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        .systemLibrary(name: "CLibPQ", path: "Host/CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(name: "CLinux", path: "Host/CLinux"),
        room("Model", []),
        room("Manifest", ["HostModel", yams]),
        room("SQL", ["HostModel", "HostManifest"]),
        room("Transfer", ["HostModel", "HostManifest"]),
        room("Audit", ["HostModel", crypto]),
        room("Tenancy", ["HostModel"]),
        room("Auth", ["HostModel", "HostTenancy", jwt, crypto, cryptoExtras]),
        room("Postgres", ["HostModel", "CLibPQ", "CLinux"] + nio),
        room(
            "Storage",
            [
                "HostModel", "HostManifest", "HostSQL", "HostTransfer", "HostAudit", "HostTenancy", "HostAuth",
                "HostPostgres", crypto,
            ] + nio),
        room(
            "Jobs",
            ["HostModel", "HostManifest", "HostSQL", "HostTransfer", "HostTenancy", "HostAuth", "HostStorage"]),
        room("Plugins", ["HostModel", "HostManifest", "HostAuth", "HostStorage", "CLinux", pluginAPI, crypto]),
        room(
            "Gateway",
            [
                "HostModel", "HostManifest", "HostSQL", "HostTransfer", "HostTenancy", "HostAuth", "HostStorage",
                "HostPlugins", logging, metrics, crypto, .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
            ] + nio),
        room(
            "Supervisor",
            [
                "HostModel", "CLinux", .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .executableTarget(
            name: "Thorbis",
            dependencies: [
                "HostModel", "HostManifest", "HostSQL", "HostAudit", "HostTenancy", "HostAuth", "HostPostgres",
                "HostStorage", "HostTransfer", "HostJobs", "HostPlugins", "HostGateway", "HostSupervisor", logging,
                metrics,
                lifecycle, crypto, yams,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "SystemPackage", package: "swift-system"),
            ] + nio,
            path: "Host/Thorbis", swiftSettings: settings),
        .target(
            name: "TestSupport", dependencies: ["HostModel", "HostPostgres"] + nio, path: "Tests/Support",
            swiftSettings: settings),
        tests("Model", ["HostModel"]),
        tests("Manifest", ["HostManifest", "HostModel"]),
        tests("SQL", ["HostSQL", "HostManifest", "HostModel"], exclude: ["Golden"]),
        tests("Transfer", ["HostTransfer", "HostManifest", "HostModel"]),
        tests("Audit", ["HostAudit", "HostModel"]),
        tests("Tenancy", ["HostTenancy", "HostModel"]),
        tests("Auth", ["HostAuth", "HostTenancy", "HostModel", crypto]),
        tests("Postgres", ["HostPostgres", "HostModel", "TestSupport"] + nio),
        tests(
            "Storage",
            [
                "HostStorage", "HostJobs", "HostTransfer", "HostPostgres", "HostSQL", "HostManifest", "HostAuth",
                "HostTenancy", "HostModel",
                "TestSupport",
            ] + nio),
        tests(
            "Plugins",
            [
                "HostPlugins", "HostStorage", "HostSupervisor", "HostAuth", "HostManifest", "HostModel", pluginAPI,
                .product(name: "Subprocess", package: "swift-subprocess"),
            ]),
        tests(
            "Gateway",
            [
                "HostGateway", "HostAuth", "HostStorage", "HostPlugins", "HostPostgres", "HostTenancy", "HostManifest",
                "HostModel", "HostSQL", .product(name: "NIOHTTP1", package: "swift-nio"),
            ] + nio),
        tests("Core", ["CoreLogic", pluginAPI, pluginAPITesting], resources: [.copy("money_vectors.json")]),
        tests("HomeServices", ["HomeServicesLogic", "CoreLogic", pluginAPI, pluginAPITesting]),
        tests("Supervisor", ["HostSupervisor", "HostModel"]),
        tests(
            "System",
            [
                "HostModel", "HostPostgres", "TestSupport", crypto, .product(name: "NIOHTTP1", package: "swift-nio"),
            ] + nio),
        tests("Fuzz", ["HostStorage", "HostTransfer", "HostSQL", "HostManifest", "HostModel", "TestSupport"]),
        tests("Tidy", []),
    ] + vertical("Core") + vertical("HomeServices")
)

// `THORBIS_ROOMS=HostSQL,SQLTests swift test` builds those targets and what they stand on, nothing else:
// the short loop while working in one room.
if let wanted = Context.environment["THORBIS_ROOMS"], !wanted.isEmpty {
    var keep = Set(wanted.split(separator: ",").map(String.init))
    var reached = 0
    while reached != keep.count {
        reached = keep.count
        for target in package.targets where keep.contains(target.name) {
            for dependency in target.dependencies {
                switch dependency {
                case .byNameItem(let name, _), .targetItem(let name, _): keep.insert(name)
                default: break
                }
            }
        }
    }
    package.targets.removeAll { !keep.contains($0.name) }
    package.products.removeAll()
}
