import HostManifest
import HostModel

extension Problem {
    static func unknownField(_ name: String, of entity: EntityReference) -> Problem {
        .invalid("/\(name)", "unknown_field", "\(entity) has no field \(name).")
    }
}
