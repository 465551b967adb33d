import HostManifest
import HostModel

/// The rules on what a library was built for: its note against the host and the manifest.
struct PluginContract {
    let host: HostContract
    let manifest: Manifest
    /// The signature of the compiler that really made the library.
    let toolchain: String?

    /// The first broken rule, nil when the note fits.
    func refusal(of note: PluginNote?) -> PluginRefusal? {
        guard let note else { return refuse(.noNote, "The library has no section `\(NoteLayout.section)`.") }
        return form(note) ?? epoch(note) ?? compiler() ?? api(note) ?? identity(note)
    }

    private func refuse(_ rule: PluginRule, _ message: String, hint: String? = nil) -> PluginRefusal {
        PluginRefusal(rule, plugin: manifest.id.description, message, hint: hint)
    }

    private func form(_ note: PluginNote) -> PluginRefusal? {
        guard note.magic == NoteLayout.magic else {
            return refuse(.noNote, "The section `\(NoteLayout.section)` doesn't begin with a note's magic number.")
        }
        guard note.version == NoteLayout.noteVersion else {
            return refuse(
                .unknownNote, "The note is of version \(note.version); this host reads \(NoteLayout.noteVersion).")
        }
        return nil
    }

    private func epoch(_ note: PluginNote) -> PluginRefusal? {
        let expected = FNV1a.hash(host.epoch)
        if note.epochHash == expected { return nil }
        let found = "\(hexadecimal(note.epochHash)), compiled by \(toolchain ?? "an unknown compiler")"
        return refuse(
            .epoch, "The library is of the epoch \(found); this host is \(host.epoch) (\(hexadecimal(expected))).")
    }

    private func compiler() -> PluginRefusal? {
        guard let expected = host.toolchain, toolchain != expected else { return nil }
        return refuse(
            .toolchain, "The library was compiled by \(toolchain ?? "an unknown compiler"), this host by \(expected).")
    }

    private func api(_ note: PluginNote) -> PluginRefusal? {
        let built = SemanticVersion(major: Int(note.apiMajor), minor: Int(note.apiMinor), patch: 0)
        guard manifest.pluginAPI.contains(built) else {
            return refuse(
                .apiVersion, "The library was built with PluginAPI \(built); its manifest allows \(manifest.pluginAPI)."
            )
        }
        let available = SemanticVersion(major: host.apiMajor, minor: host.apiMinor, patch: 0)
        if built.major == available.major, built <= available { return nil }
        return refuse(.apiTooNew, "The library was built with PluginAPI \(built); this host has \(available).")
    }

    private func identity(_ note: PluginNote) -> PluginRefusal? {
        guard note.pluginHash == FNV1a.hash(manifest.id.description) else {
            return refuse(.identity, "The library is another plugin than \(manifest.id).")
        }
        if note.manifestDigest == manifest.digest { return nil }
        return refuse(
            .digest, "The library was generated from the manifest \(note.manifestDigest); given is \(manifest.digest).")
    }
}
