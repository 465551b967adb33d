/// An enum of words, as generated for enum fields and statuses, crosses as text. Since 1.0.
extension FieldValue where Self: RawRepresentable<String> {
    /// Reads ``Value/text(_:)``; nil for a word that the enum doesn't have.
    public init?(value: Value) {
        guard case .text(let text) = value else { return nil }
        self.init(rawValue: text)
    }

    /// The value to store.
    public var value: Value { .text(rawValue) }
}
