import Foundation
import HostAuth
import HostModel
import Testing

/// What a request says before anything of it was verified.
struct ClaimedBusinessTests {
    private let business = "0190f3f0-0000-7000-8000-000000000001"

    private func token(_ payload: String) -> String { "h.\(Base64URL.encode(Array(payload.utf8))).s" }

    @Test func `the claim of a real token is its business`() async throws {
        let id = BusinessID(UUID())
        let issuer = await AccessTokenIssuer(
            keys: SigningKeys.generate(), policy: AccessTokenPolicy(issuer: "i", audience: "a"), clock: SystemClock())
        let token = try await issuer.issue(
            user: UserID(UUID()), session: SessionID(UUID()), business: id, tokenID: UUID())
        #expect(ClaimedBusiness.read("Bearer \(token.text)") == id)
        #expect(ClaimedBusiness.read("bearer \(token.text)") == id)
    }

    @Test func `a forged token is read as well, for it gives no right`() {
        #expect(ClaimedBusiness.read("Bearer " + token(#"{"bid":"\#(business)"}"#))?.description == business)
    }

    @Test(arguments: ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer a.b", "Bearer a..c", "Bearer a.!!.c"])
    func `anything else has none`(text: String) {
        #expect(ClaimedBusiness.read(text) == nil)
    }

    @Test func `no business, no UUID, no object, too long`() {
        for payload in ["{}", #"{"bid":7}"#, #"{"bid":"x"}"#, "[]", "{"] {
            #expect(ClaimedBusiness.read("Bearer " + token(payload)) == nil, "\(payload)")
        }
        let padding = String(repeating: "x", count: 5_000)
        #expect(ClaimedBusiness.read("Bearer " + token(#"{"bid":"\#(business)","x":"\#(padding)"}"#)) == nil)
    }
}
