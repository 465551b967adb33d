import HostManifest
import HostModel
import Testing

// Generations are made by the registry alone, and count through the session.
@testable import HostPlugins

struct LatencyCountsTests {
    @Test(arguments: [0, 1, 7, 8, 9, 15, 16, 17, 100, 1_000, 4_095, 4_096, 1_000_000, 60_000_000])
    func `a time falls into a bucket that holds it and is at most an eighth wide`(microseconds: Int) {
        let times = LatencyCounts.times(in: LatencyCounts.bucket(of: microseconds))
        #expect(times.contains(microseconds))
        #expect(times.count == 1 || times.count * 8 <= times.lowerBound)
    }

    @Test func `buckets follow each other without a gap, and the last takes what is above`() {
        for bucket in 1..<LatencyCounts.size {
            #expect(LatencyCounts.times(in: bucket - 1).upperBound == LatencyCounts.times(in: bucket).lowerBound)
        }
        #expect(LatencyCounts.bucket(of: .max) == LatencyCounts.size - 1)
        #expect(LatencyCounts.bucket(of: -1) == 0)
    }

    @Test func `quantiles are those of the calls, to an eighth`() throws {
        let histogram = LatencyHistogram()
        for milliseconds in 1...1_000 { histogram.record(.milliseconds(milliseconds)) }
        let counts = histogram.read()
        #expect(counts.count == 1_000)
        for (share, milliseconds) in [(0.5, 500.0), (0.95, 950), (0.99, 990)] {
            let found = try #require(counts.quantile(share)) / .milliseconds(1)
            #expect(abs(found - milliseconds) <= milliseconds / 8, "p\(share) is \(found) ms")
        }
        #expect(histogram.total == .milliseconds(500_500))
        #expect(LatencyCounts.none.quantile(0.95) == nil)
    }

    @Test func `a window holds only what came after the earlier reading`() throws {
        let manifest = try FixtureManifest.make()
        let generation = PluginGeneration(
            number: 1, plugin: manifest.id, version: manifest.version, digest: manifest.digest)
        for _ in 0..<99 { work(generation, .done, .milliseconds(1)) }
        let earlier = generation.window
        work(generation, .failed, .milliseconds(100))
        work(generation, .refused, .milliseconds(100))
        generation.blame()
        generation.deny()
        let window = generation.window.since(earlier)
        #expect(window.calls == 2)
        #expect((window.refused, window.failed, window.faults, window.denials) == (1, 1, 1, 1))
        #expect(window.faultShare == 0.5)
        #expect(try #require(window.p50) > .milliseconds(80))
        #expect(try #require(generation.window.p50) < .milliseconds(2))
        #expect(generation.window.since(generation.window) == PluginWindow())
        #expect(generation.inFlight == 0)
    }

    private func work(_ generation: PluginGeneration, _ outcome: PluginGeneration.Outcome, _ duration: Duration) {
        generation.begin()
        generation.end(outcome, after: duration)
    }

    @Test func `counts below a power of two end before it`() {
        let histogram = LatencyHistogram()
        for microseconds in [255, 256, 511, 512, 1_024] { histogram.record(.microseconds(microseconds)) }
        let counts = histogram.read()
        #expect([8, 9, 10, 11].map { counts.count(belowPower: $0) } == [1, 3, 4, 5])
    }
}

struct MappedImageTests {
    private static let maps = """
        7f10a0000000-7f10a0004000 r--p 00000000 00:01 4242                       /memfd:hs-1.0.0 (deleted)
        7f10a0004000-7f10a000c000 r-xp 00004000 00:01 4242                       /memfd:hs-1.0.0 (deleted)
        7f10a000c000-7f10a000d000 rw-p 0000c000 00:01 4242                       /memfd:hs-1.0.0 (deleted)
        7f10a000d000-7f10a000e000 rw-p 00000000 00:00 0
        7f10a0010000-7f10a0014000 r-xp 00000000 00:01 4243                       /memfd:hs-1.0.0 (deleted)
        7f10a0020000-7f10a0024000 r-xp 00000000 fe:01 4242                       /usr/lib/libother.so
        """

    @Test func `an image is the stretches of its file, not of another of the same name or number`() {
        let image = MappedImage(maps: Self.maps, inode: 4242, device: "00:01", fileBytes: 0x20000)
        #expect(image.bytes == 0xD000)
        #expect(image.stretches.map(\.isExecutable) == [false, true, false])
        #expect(image.heldBytes == 0x21000, "the file, and the page that is written to")
        #expect(MappedImage(maps: "nonsense\n", inode: 4242, device: "00:01", fileBytes: 0) == .none)
    }

    @Test func `a device's number is read as the kernel writes it`() {
        #expect(MappedImage.device(0x01) == "00:01")
        #expect(MappedImage.device(0xFE01) == "fe:01")
        #expect(MappedImage.device(0x1234_5678) == "456:12378")
    }
}
