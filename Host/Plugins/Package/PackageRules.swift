/// The rules on packages: what is signed by whom, and that it is still what was signed.
extension PluginRule {
    static let noIndex = PluginRule(
        id: "TP2401", title: "The package has an index of its files",
        why: "The index is what is signed: without it nobody vouches for anything.",
        example: "A folder with a library and a manifest, copied by hand.",
        fix: "Make the package with `thorbis plugin package`.")
    static let unsigned = PluginRule(
        id: "TP2402", title: "Code is signed, unless the operator allows unsigned code",
        why: "A library runs with all rights of the host; a signature says who answers for it.",
        example: "A package without index.sig, or a library from a build folder, on a production host.",
        fix: "Sign it with `thorbis plugin sign`; on a development machine set `unsigned: allowed` in trust.yaml.")
    static let untrustedKey = PluginRule(
        id: "TP2403", title: "The key is one that the operator trusts for this plugin",
        why: "Anybody can sign; the list says whose signature counts, and for what.",
        example: "Signed by acme-2027, and trust.yaml has acme-2026 only.",
        fix: "Ask the publisher for the key over a way that you trust, and add it to trust.yaml.")
    static let badSignature = PluginRule(
        id: "TP2404", title: "The signature is the key's, over exactly this index",
        why: "The index was changed after it was signed, or somebody uses another's name.",
        example: "An index.json that was edited.",
        fix: "Get the package again from its publisher.")
    static let unlistedFile = PluginRule(
        id: "TP2405", title: "Every file of the package is in its index",
        why: "A file that nobody signed may have been put there by anybody.",
        example: "A second library beside the listed one.",
        fix: "Get the package again from its publisher, or remove what you put into the folder.")
    static let changedFile = PluginRule(
        id: "TP2406", title: "Every listed file is there, with the listed content",
        why: "Only what was signed may run.",
        example: "A library that was replaced in the installed package.",
        fix: "Install the package again.")
    static let republished = PluginRule(
        id: "TP2407", title: "A version is published once",
        why: "Two packages of one version can't be told apart in logs, rollouts and rollbacks.",
        example: "hs 1.4.0 was installed, and another hs 1.4.0 comes.",
        fix: "Give the new one another version.")
    static let otherContent = PluginRule(
        id: "TP2408", title: "The index names the plugin and version of its manifest",
        why: "Operators go by the index, the host by the manifest.",
        example: "An index of hs 1.4.0 with the manifest of hs 1.3.0.",
        fix: "Make the package again with `thorbis plugin package`.")
}
