// swift-tools-version: 6.2
import PackageDescription

// What authors of plugins test with. A package of its own, because a second target beside PluginAPI would link a
// second copy of it.
let package = Package(
    name: "PluginAPITesting",
    products: [.library(name: "PluginAPITesting", targets: ["PluginAPITesting"])],
    dependencies: [.package(path: "..")],
    targets: [
        .target(
            name: "PluginAPITesting",
            dependencies: [.product(name: "PluginAPI", package: "PluginAPI")],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .strictMemorySafety(),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
                .treatAllWarnings(as: .error),
            ])
    ]
)
