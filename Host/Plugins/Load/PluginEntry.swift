import Glibc
import PluginAPI

/// The C door of a library: the only caller of it.
enum PluginEntry {
    /// Maps an image for ever and takes the plugin out of it.
    static func plugin(in image: SealedImage, of name: String) throws(PluginRefusal) -> any VerticalPlugin {
        // Sound: the handle is a library that is never unmapped.
        unsafe try plugin(in: library(image, of: name), of: name)
    }

    private static func library(
        _ image: SealedImage, of name: String
    ) throws(PluginRefusal) -> UnsafeMutableRawPointer {
        do throws(LoaderError) {
            return unsafe try image.open()
        } catch {
            throw PluginRefusal(.notOpened, plugin: name, "The library can't be loaded: \(error).")
        }
    }

    /// Calls the entry; the object it gives carries one reference that is taken over here.
    private static func plugin(
        in library: UnsafeMutableRawPointer, of name: String
    ) throws(PluginRefusal) -> any VerticalPlugin {
        guard let symbol = unsafe dlsym(library, PluginLinkage.entry) else {
            throw PluginRefusal(
                .noEntry, plugin: name, "The library has no `\(PluginLinkage.entry)`: \(LoaderError()).")
        }
        typealias Entry = @convention(c) () -> UnsafeMutableRawPointer?
        // Sound: the note vouches for the signature of the symbol of that name and version, and the library stays
        // mapped for ever.
        let entry = unsafe unsafeBitCast(symbol, to: Entry.self)
        guard let object = unsafe entry() else {
            throw PluginRefusal(.entryFailed, plugin: name, "The entry gave no plugin.")
        }
        // Sound: the note says that the object is a PluginBox of the shared libPluginAPI.so, handed over retained.
        return unsafe Unmanaged<PluginBox>.fromOpaque(object).takeRetainedValue().plugin
    }
}
