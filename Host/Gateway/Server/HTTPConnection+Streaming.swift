import NIOCore
import NIOHTTP1

/// Answers that are made while they are sent: a piece at a time, as fast as the client takes them.
extension HTTPConnection {
    func write(
        _ piece: ByteBuffer, of stream: HTTPStream, _ response: HTTPResponse,
        _ waiter: CheckedContinuation<Void, any Error>
    ) {
        if phase == .answering { beginStream(stream, of: response) }
        guard phase == .streaming, let context, let isChunked = streaming?.isChunked else {
            return waiter.resume(throwing: HTTPStreamEnded())
        }
        let count = piece.readableBytes
        if count > 0 {
            if isChunked { write(ByteBuffer(string: String(count, radix: 16) + "\r\n")) }
            write(piece)
            if isChunked { write(ByteBuffer(staticString: "\r\n")) }
            context.flush()
        }
        // The flush may have found the connection gone.
        guard let left = streaming.map({ $0.bytesLeft.map { $0 - count } }) else {
            return waiter.resume(throwing: HTTPStreamEnded())
        }
        streaming?.bytesLeft = left
        guard !context.channel.isWritable else { return waiter.resume() }
        streaming?.writer = waiter
        let stalled = NIODeadline.now() + TimeAmount(configuration.streamStallTimeout)
        setDeadline(min(stalled, streaming?.end ?? stalled))
    }

    private func beginStream(_ stream: HTTPStream, of response: HTTPResponse) {
        guard let exchange else { return }
        let isVersion1_0 = exchange.head.version == .http1_0
        // A client of HTTP/1.0 knows no chunks: there the end of the connection is the end of the answer.
        let keepsAlive = keepsAlive(after: response, exchange) && (stream.length != nil || !isVersion1_0)
        streaming = Streaming(
            keepsAlive: keepsAlive, isChunked: stream.length == nil && !isVersion1_0, bytesLeft: stream.length,
            end: .now() + TimeAmount(stream.deadline))
        phase = .streaming
        setDeadline(streaming?.end ?? .distantFuture)
        write(response, id: exchange.id, head: exchange.head, keepsAlive: keepsAlive)
    }

    /// Ends a streamed answer: well, with a problem in its place when nothing was written yet, or by cutting it off.
    func endStream(_ stream: HTTPStream, of response: HTTPResponse, _ failure: (any Error)?) {
        if phase == .answering, let failure, let exchange {
            return finish(responder.answer(to: failure, id: exchange.id))
        }
        state.requestEnded()
        task = nil
        if phase == .answering { beginStream(stream, of: response) }
        guard phase == .streaming, let streaming else { return }
        guard failure == nil, (streaming.bytesLeft ?? 0) == 0 else { return cutStream() }
        if streaming.isChunked {
            write(ByteBuffer(staticString: "0\r\n\r\n"))
            context?.flush()
        }
        self.streaming = nil
        exchange = nil
        guard streaming.keepsAlive else { return linger() }
        enter(.idle)
        takePending()
    }

    func cutStream() {
        task?.cancel()
        context?.close(promise: nil)
    }

    func endWaiting(_ error: (any Error)?) {
        guard let writer = streaming?.writer else { return }
        streaming?.writer = nil
        setDeadline(streaming?.end ?? .distantFuture)
        if let error { writer.resume(throwing: error) } else { writer.resume() }
    }

    private func write(_ bytes: ByteBuffer) {
        context?.write(Self.wrapOutboundOut(.byteBuffer(bytes)), promise: nil)
    }
}
