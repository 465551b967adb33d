import Foundation
import HostModel
import HostPlugins
import HostSupervisor
import Synchronization

/// Has this host finish its requests and be replaced, when something in it can't be put right.
///
/// Everything here is done on threads of its own: the runtime's may be what is taken.
final class Recycling: Sendable {
    /// A host isn't replaced before it has run for so long, or one that is stuck at once would be replaced for ever.
    static let uptimeMin: Duration = .seconds(10)
    /// What the end in order may take; then the process ends as it is.
    private static let endLimit: Duration = .seconds(40)

    private let crashes: CrashFile
    private let observer: any Observer
    private let start = ContinuousClock.now
    private let isAsked = Atomic<Bool>(false)

    init(crashes: CrashFile, observer: any Observer) {
        self.crashes = crashes
        self.observer = observer
    }

    /// Whether the host ends to be replaced.
    var isUnderWay: Bool { isAsked.load(ordering: .acquiring) }

    /// A plugin's thread doesn't come back.
    func stuck(_ stuck: PluginThreads.Stuck) {
        observer.observe(.pluginStuck(stuck.plugin, generation: stuck.generation, age: stuck.age))
        Thread.detachNewThread { [self] in
            wait(for: Self.uptimeMin - (ContinuousClock.now - start))
            guard claim() else { return }
            crashes.record(stuck)
            end()
        }
    }

    /// The process has grown beyond its bound.
    func grown(bytes: Int, max: Int) {
        guard ContinuousClock.now - start >= Self.uptimeMin, claim() else { return }
        observer.observe(.hostGrown(bytes: bytes, max: max))
        Thread.detachNewThread { [self] in end() }
    }

    private func claim() -> Bool { !isAsked.exchange(true, ordering: .acquiringAndReleasing) }

    private func end() {
        kill(getpid(), SIGTERM)
        wait(for: Self.endLimit)
        _exit(HostExit.recycled)
    }

    private func wait(for duration: Duration) {
        guard duration > .zero else { return }
        Thread.sleep(forTimeInterval: duration / .seconds(1))
    }
}
