package import HostModel

/// Whose plugins an operator lets into the host: the checked content of `trust.yaml`.
package struct TrustList: Hashable, Sendable {
    /// A publisher's key.
    package struct Key: Hashable, Sendable {
        /// Named by the signature: `acme-2026`.
        package let name: String
        /// Ed25519, 32 bytes.
        package let publicKey: [UInt8]
        /// What may be signed with it; nil for any plugin.
        package let plugins: Set<PluginID>?

        package init(name: String, publicKey: [UInt8], plugins: Set<PluginID>?) {
            self.name = name
            self.publicKey = publicKey
            self.plugins = plugins
        }
    }

    package let keys: [Key]
    /// Whether code that nobody signed may be loaded: a development tree.
    package let allowsUnsigned: Bool

    package init(keys: [Key], allowsUnsigned: Bool) {
        self.keys = keys
        self.allowsUnsigned = allowsUnsigned
    }

    /// Of an operator who said nothing: no code but signed code, and no key.
    package static let nobody = TrustList(keys: [], allowsUnsigned: false)

    package subscript(name: String) -> Key? { keys.first { $0.name == name } }
}
