import Foundation
import HostPostgres
import Synchronization

/// Ends the test cluster with the process: C's `atexit` takes no context, so what to end is kept here.
enum AtExit {
    private static let ending = Mutex<(cluster: PrivateCluster, folder: String)?>(nil)

    static func end(_ cluster: PrivateCluster, folder: String) {
        ending.withLock { $0 = (cluster, folder) }
        atexit {
            guard let ending = AtExit.ending.withLock({ $0 }) else { return }
            ending.cluster.abandon()
            // Nobody is left to tell; the next run removes what is left.
            try? FileManager.default.removeItem(atPath: ending.folder)
        }
    }
}
