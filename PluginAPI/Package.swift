// swift-tools-version: 6.2
import PackageDescription

// A package of its own, with one target and one dynamic product, so that the host and every plugin share one
// `libPluginAPI.so`: as a target of the root package it would be linked into each of them, and casts across
// the border would fail. Library evolution keeps old plugin binaries valid as the API grows.
let package = Package(
    name: "PluginAPI",
    products: [.library(name: "PluginAPI", type: .dynamic, targets: ["PluginAPI"])],
    targets: [
        .target(
            name: "PluginAPI",
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .strictMemorySafety(),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
                .treatAllWarnings(as: .error),
                .unsafeFlags(["-enable-library-evolution", "-emit-module-interface"]),
            ],
            linkerSettings: [.unsafeFlags(["-Xlinker", "-soname", "-Xlinker", "libPluginAPI.so"])])
    ]
)
