import HostModel
import HostStorage
import NIOCore
import NIOHTTP1

/// Writes an answer as HTTP/1.1 bytes, head and body in one buffer, from blocks that are encoded already.
struct ResponseEncoder {
    /// What the engine adds to an answer.
    struct Context {
        let request: RequestID
        /// `Date: …` with its line end.
        let dateLine: [UInt8]
        /// Whether the request was HEAD: the length is told, the body isn't sent.
        let isHead: Bool
        let keepsAlive: Bool
        /// HTTP/1.0 clients must be told that the connection stays open.
        let isVersion1_0: Bool
    }

    static func encode(_ response: HTTPResponse, _ context: Context, allocator: ByteBufferAllocator) -> ByteBuffer {
        let length = response.body.count
        var buffer = allocator.buffer(capacity: 384 + (context.isHead || isStream(response) ? 0 : length ?? 0))
        writeStatusLine(response.status, into: &buffer)
        buffer.writeBytes(context.dateLine)
        if response.status != 204, response.status != 304 {
            write(response.contentType, into: &buffer)
            if let length {
                buffer.writeStaticString("Content-Length: ")
                buffer.writeString(String(length))
                buffer.writeStaticString("\r\n")
            } else if !context.isVersion1_0 {
                buffer.writeStaticString("Transfer-Encoding: chunked\r\n")
            }
        } else {
            buffer.writeStaticString(commonBlock)
        }
        buffer.writeStaticString("X-Request-Id: ")
        write(context.request, into: &buffer)
        buffer.writeStaticString("\r\n")
        for field in response.fields { write(field, into: &buffer) }
        if !context.keepsAlive {
            buffer.writeStaticString("Connection: close\r\n")
        } else if context.isVersion1_0 {
            buffer.writeStaticString("Connection: keep-alive\r\n")
        }
        buffer.writeStaticString("\r\n")
        if !context.isHead { write(response.body, into: &buffer) }
        return buffer
    }

    private static func writeStatusLine(_ status: Int, into buffer: inout ByteBuffer) {
        switch status {
        case 200: buffer.writeStaticString("HTTP/1.1 200 OK\r\n")
        case 201: buffer.writeStaticString("HTTP/1.1 201 Created\r\n")
        case 204: buffer.writeStaticString("HTTP/1.1 204 No Content\r\n")
        case 404: buffer.writeStaticString("HTTP/1.1 404 Not Found\r\n")
        default:
            buffer.writeString("HTTP/1.1 \(status) \(HTTPResponseStatus(statusCode: status).reasonPhrase)\r\n")
        }
    }

    /// Answers hold data of one business: nothing between here and the client may keep them.
    private static let commonBlock: StaticString = "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"

    private static func isStream(_ response: HTTPResponse) -> Bool {
        if case .stream = response.body { true } else { false }
    }

    private static func write(_ type: HTTPResponse.ContentType, into buffer: inout ByteBuffer) {
        if case .other(let name) = type {
            write(.init("Content-Type", name), into: &buffer)
            buffer.writeStaticString(commonBlock)
        } else {
            buffer.writeStaticString(block(type))
        }
    }

    private static func block(_ type: HTTPResponse.ContentType) -> StaticString {
        switch type {
        case .other: commonBlock
        case .json:
            "Content-Type: application/json\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        case .problem:
            "Content-Type: application/problem+json\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        case .text:
            "Content-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        case .metrics:
            """
            Content-Type: text/plain; version=0.0.4; charset=utf-8\r\nCache-Control: no-store\r\n\
            X-Content-Type-Options: nosniff\r\n
            """
        }
    }

    private static func write(_ field: HTTPResponse.Field, into buffer: inout ByteBuffer) {
        buffer.writeStaticString(field.name)
        buffer.writeStaticString(": ")
        if field.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) {
            buffer.writeString(field.value)
        } else {
            buffer.writeBytes(field.value.utf8.filter { $0 >= 0x20 && $0 != 0x7F })
        }
        buffer.writeStaticString("\r\n")
    }

    private static func write(_ body: HTTPResponse.Body, into buffer: inout ByteBuffer) {
        switch body {
        case .none, .stream: break
        case .bytes(let bytes): buffer.writeBytes(bytes)
        case .text(let text): write(text, but: 0, into: &buffer)
        case .spliced(let text, let ending):
            write(text, but: 1, into: &buffer)
            buffer.writeBytes(ending)
        }
    }

    /// Copies the text but for its last bytes.
    private static func write(_ text: JSONText, but count: Int, into buffer: inout ByteBuffer) {
        text.withBytes { span in
            // Sound: the bytes are copied before the span ends.
            _ = unsafe span.withUnsafeBytes { unsafe buffer.writeBytes($0.dropLast(count)) }
        }
    }

    private static func write(_ id: RequestID, into buffer: inout ByteBuffer) {
        buffer.writeBytes(UUIDText.bytes(id.uuid))
    }
}
