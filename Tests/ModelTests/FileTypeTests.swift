import HostModel
import Testing

struct FileTypeTests {
    @Test(
        arguments: [
            ("image/png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0]),
            ("application/pdf", Array("%PDF-1.7".utf8)),
            ("image/webp", Array("RIFF....WEBPVP8 ".utf8)), ("image/gif", Array("GIF89a..".utf8)),
            ("text/plain; charset=utf-8", Array("höi\n".utf8)), ("TEXT/CSV", Array("a,b\r\n1,2\r\n".utf8)),
            ("application/json", Array("{\"a\":1}".utf8)), ("video/mp4", Array("\0\0\0 ftypisom".utf8)),
        ] as [(String, [UInt8])])
    func `a content that is what it says is taken`(type: String, content: [UInt8]) throws {
        #expect(try #require(FileType(contentType: type)).matches(content))
    }

    @Test(arguments: [nil, "", "text/html", "image/svg+xml", "application/xml", "application/javascript", "image/*"])
    func `what a browser would run is no type of ours`(type: String?) {
        #expect(FileType(contentType: type) == nil)
    }

    @Test(
        arguments: [
            ("image/png", Array("<svg onload=x>".utf8)), ("image/png", []), ("image/webp", Array("WEBP".utf8)),
            ("text/plain", Array("<!doctype html>".utf8)), ("text/plain", Array("\u{FEFF} \n<script>".utf8)),
            ("text/csv", [0x61, 0]), ("text/plain", [0xFF, 0xFE]), ("application/json", Array("<html>".utf8)),
            ("application/pdf", Array("MZ%PDF-".utf8)),
        ] as [(String, [UInt8])])
    func `a content that isn't what it says is refused`(type: String, content: [UInt8]) throws {
        #expect(try #require(FileType(contentType: type)).matches(content) == false)
    }
}
