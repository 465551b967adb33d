import HostManifest
import HostModel

enum InputValidator {
    static func create(_ fields: [Field], _ object: JSONObject) throws(Problem) -> [String: JSONValue] { [:] }
    static func patch(_ fields: [Field], _ object: JSONObject) throws(Problem) -> [String: JSONValue] { [:] }
    static func input(_ fields: [Field], _ object: JSONObject) throws(Problem) -> [String: JSONValue] { [:] }
}
