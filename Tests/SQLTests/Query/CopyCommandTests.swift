import HostModel
import HostSQL
import Testing

struct CopyCommandTests {
    private func command(_ text: String, _ parameters: SQLParameter...) -> CopyCommand {
        CopyCommand(SQLCommand(SQLStatement(name: nil, text: text), parameters), .csv)
    }

    @Test func `values become settings and never stand in the text`() {
        let copy = command("SELECT 1 WHERE a = $1::text AND b = $2::int", "x'; DROP", "7")
        #expect(
            copy.text
                == "COPY (SELECT 1 WHERE a = current_setting('thorbis.copy_1')::text "
                + "AND b = current_setting('thorbis.copy_2')::int) TO STDOUT WITH (FORMAT csv)")
        #expect(copy.setting?.parameters == ["x'; DROP", "7"])
        #expect(
            copy.setting?.statement.text
                == "SELECT set_config('thorbis.copy_1', $1, true), set_config('thorbis.copy_2', $2, true)")
    }

    @Test func `NULL stands in the text`() {
        let copy = command("SELECT $1::text, $2::text", nil, "b")
        #expect(copy.text.contains("SELECT NULL::text, current_setting('thorbis.copy_2')::text"))
        #expect(copy.setting?.statement.text == "SELECT set_config('thorbis.copy_2', $2, true), $1::text")
    }

    @Test func `literals and quoted names are left alone`() {
        let copy = command("SELECT '$1', 'it''s $1', \"$1\", $1::text", "v")
        #expect(copy.text.contains("SELECT '$1', 'it''s $1', \"$1\", current_setting('thorbis.copy_1')::text"))
    }

    @Test func `without values there is nothing to set`() {
        #expect(command("SELECT 1").setting == nil)
        #expect(command("SELECT $1::text", nil).setting == nil)
    }
}
