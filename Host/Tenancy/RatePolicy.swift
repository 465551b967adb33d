/// How many requests in how long, under a name for the `RateLimit-Policy` header.
package struct RatePolicy: Hashable, Sendable {
    /// A structured-field token, such as `burst`.
    package let name: String
    /// Requests that may come at once; the bucket's size.
    package let quota: Int
    /// The time in which an empty bucket fills up.
    package let window: Duration

    package init(name: String, quota: Int, window: Duration) {
        precondition((1...1_000_000).contains(quota) && window >= .milliseconds(1) && window <= .seconds(86_400))
        self.name = name
        self.quota = quota
        self.window = window
    }

    /// Sign-in, by client address: enough for an office behind one address, few for someone who guesses.
    package static let signInPerAddress = RatePolicy(name: "sign-in", quota: 20, window: .seconds(60))
    /// Sign-in, by account: ten guesses, then one every minute and a half.
    package static let signInPerAccount = RatePolicy(name: "sign-in-account", quota: 10, window: .seconds(900))
    /// Everything that the sessions of one business do together; the quota is the operator's, by the machine's size.
    package static func perBusiness(perMinute quota: Int = 60_000) -> RatePolicy {
        RatePolicy(name: "burst", quota: quota, window: .seconds(60))
    }
    /// New businesses, by client address.
    package static let signUpPerAddress = RatePolicy(name: "sign-up", quota: 10, window: .seconds(3_600))
}
