import HostAudit
import HostModel
import Testing

struct AuditCommitmentTests {
    @Test func `the order of members doesn't matter`() {
        let salt = [UInt8](repeating: 7, count: 32)
        let one = AuditCommitment(salt: salt, payload: .object(["a": 1, "b": 2]))
        let other = AuditCommitment(salt: salt, payload: .object(["b": 2, "a": 1]))
        #expect(one == other)
    }

    @Test func `another salt or value is another commitment`() {
        let salt = [UInt8](repeating: 7, count: 32)
        let commitment = AuditCommitment(salt: salt, payload: .object(["a": 1]))
        #expect(commitment != AuditCommitment(salt: [UInt8](repeating: 8, count: 32), payload: .object(["a": 1])))
        #expect(commitment != AuditCommitment(salt: salt, payload: .object(["a": 2])))
    }

    @Test func `two salts differ`() {
        var generator = SystemRandomNumberGenerator()
        let salt = AuditCommitment.makeSalt(using: &generator)
        #expect(salt.count == AuditCommitment.saltByteCount)
        #expect(salt != AuditCommitment.makeSalt(using: &generator))
    }
}
