import Glibc

/// Parameters as libpq wants them: C strings. One per connection; its memory is used again for each command.
@safe struct ParameterText {
    /// Memory kept between commands; a larger command gives its memory back.
    private static let keptBytesMax = 1 << 20

    private var bytes: [CChar] = []
    /// Where each parameter begins; -1 for NULL.
    private var offsets: [Int] = []
    private var pointers: [UnsafePointer<CChar>?] = unsafe []

    /// Lends `parameters` as C strings for the time of one call.
    mutating func lend<T>(
        _ parameters: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> T
    ) -> T {
        load(parameters)
        defer { if bytes.count > Self.keptBytesMax { bytes = [] } }
        // Sound: the pointers point into `bytes`, which nobody changes before the call returns.
        return unsafe bytes.withUnsafeBufferPointer { text in
            unsafe pointers.removeAll(keepingCapacity: true)
            for offset in offsets {
                unsafe pointers.append(offset < 0 ? nil : text.baseAddress.map { unsafe $0 + offset })
            }
            return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
        }
    }

    private mutating func load(_ parameters: [String?]) {
        bytes.removeAll(keepingCapacity: true)
        offsets.removeAll(keepingCapacity: true)
        for parameter in parameters {
            guard let parameter else {
                offsets.append(-1)
                continue
            }
            offsets.append(bytes.count)
            var text = parameter
            text.withUTF8 { utf8 in
                unsafe utf8.withMemoryRebound(to: CChar.self) { unsafe bytes.append(contentsOf: $0) }
            }
            bytes.append(0)
        }
    }

    /// Whether a C string would cut the value short. PostgreSQL's text can't hold U+0000 anyway.
    static func hasZero(_ parameter: String?) -> Bool {
        guard var text = parameter else { return false }
        return text.withUTF8 { utf8 in
            guard let start = utf8.baseAddress else { return false }
            return unsafe memchr(start, 0, utf8.count) != nil
        }
    }
}
