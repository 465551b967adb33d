package import HostModel

extension Problem.Code {
    package static let headerTooLarge = Self("header_too_large")
    package static let requestTimeout = Self("request_timeout")
}
