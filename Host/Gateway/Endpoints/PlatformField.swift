import HostManifest
import HostModel

/// The inputs of the platform's own routes, in the manifest's terms, so that they are checked as plugins' inputs are.
enum PlatformField {
    static func make(_ name: String, _ type: FieldType, isRequired: Bool = false, default value: JSONValue? = nil)
        -> Field
    {
        Field(name: name, type: type, isRequired: isRequired, defaultValue: value)
    }

    static let password = make("password", .text(min: 1, max: 1_024, pattern: nil), isRequired: true)
    static let email = make("email", .email, isRequired: true)

    static let signUp = [
        make("name", .text(min: 1, max: 200, pattern: nil), isRequired: true),
        make("industry", .text(min: 2, max: 16, pattern: nil)),
        make("currency", .currency, default: "USD"),
        make("time_zone", .timeZone, default: "UTC"),
        make("country", .country, default: "US"),
        make("owner", .json, isRequired: true),
    ]
    static let owner = [make("name", .text(min: 1, max: 200, pattern: nil), isRequired: true), email, password]
    static let signIn = [email, password, make("business_id", .uuid)]
    static let refresh = [make("refresh_token", .text(min: 1, max: 200, pattern: nil), isRequired: true)]
}
