/// Reads a manifest: text in, a checked ``Manifest`` or everything that is wrong with it out. Pure.
///
/// First the shape is read, with all its findings; the rules between the parts (`Checks/`) run on a manifest whose
/// shape is right, so that one slip doesn't drag a tail of follow-up findings.
package enum ManifestParser {
    /// - Parameters:
    ///   - yaml: The text of the manifest.
    ///   - file: What diagnostics call it, such as `manifests/hs.yaml`.
    ///   - digest: SHA-256 of the file's bytes in lower-case hexadecimal.
    package static func parse(yaml: String, file: String, digest: String) throws(InvalidManifest) -> Manifest {
        let findings = Findings(file: file)
        guard let root = YAMLDocument.read(yaml, findings: findings) else {
            try findings.throwIfAny()
            preconditionFailure("a document that can't be read has findings")
        }
        try findings.throwIfAny()
        findings.root = root
        let manifest = ManifestReader(findings: findings).manifest(root, digest: digest)
        try findings.throwIfAny()
        guard let manifest else { preconditionFailure("a manifest without findings has been read") }
        ManifestChecks(manifest: manifest, findings: findings).run()
        try findings.throwIfAny()
        return manifest
    }
}
