import HostModel
import NIOHTTP1

/// The rules about where a request ends (RFC 9112 sections 3.2 and 6) that decide whether two servers agree on it.
///
/// The parser refuses malformed lines itself; these are the rules about whole heads.
enum Framing {
    /// The reason to refuse a head, nil for a good one.
    static func fault(_ head: HTTPRequestHead, _ fields: HeaderFields) -> Problem? {
        if let name = fields.repeated {
            return malformed("The header field \(name.lowercased()) was sent more than once.")
        }
        if head.version.major == 1, head.version.minor >= 1, fields.host == nil {
            return malformed("An HTTP/1.1 request needs a Host header field.")
        }
        if let host = fields.host, !host.utf8.allSatisfy(isOfHost) {
            return malformed("The Host header field is not a host and a port.")
        }
        if fields.transferEncoding != nil, fields.contentLength != nil {
            return malformed("Content-Length and Transfer-Encoding exclude each other.")
        }
        if let coding = fields.transferEncoding, coding.lowercased() != "chunked" {
            return malformed("The only transfer coding is chunked.")
        }
        if let length = fields.contentLength, !isDecimal(length) {
            return malformed("Content-Length must be a decimal number.")
        }
        guard head.uri.utf8.first == UInt8(ascii: "/") || head.uri == "*" else {
            return malformed("The request target must be a path.")
        }
        return nil
    }

    static func malformed(_ detail: String) -> Problem { Problem(.malformedRequest, detail) }

    /// What the parser's complaint means for the client.
    static func problem(_ error: HTTPParserError) -> Problem {
        if case .headerOverflow = error {
            return Problem(.headerTooLarge, "The header fields of the request are too large together.")
        }
        return malformed("The bytes sent are not an HTTP/1.1 request.")
    }

    /// The characters of `uri-host [ ":" port ]` (RFC 3986 section 3.2.2); whether they make one is of no use to us.
    private static func isOfHost(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: "-._~%!$&'()*+,;=:[]".utf8.contains(byte)
        }
    }

    private static func isDecimal(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 18 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
