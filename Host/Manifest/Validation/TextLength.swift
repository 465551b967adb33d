/// The bounds of a text, in Unicode scalars, as PostgreSQL's `char_length` counts.
struct TextLength {
    let min: Int
    let max: Int

    /// - Throws: `blank`, `min` or `max`.
    func check(_ text: String) throws(Breach) {
        let scalars = text.unicodeScalars
        if min > 0, scalars.allSatisfy(\.properties.isWhitespace) { throw .blank }
        guard scalars.count >= min else { throw .min("\(min) characters") }
        guard scalars.count <= max else { throw .max("\(max) characters") }
    }
}
