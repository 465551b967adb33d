import HomeServicesLogic
import PluginAPI

/// The one symbol of this library: gives the host the plugin, with one reference that the host owns.
@c(thorbis_plugin_entry_v1) public func thorbisPluginEntry() -> UnsafeMutableRawPointer {
    unsafe PluginBox.handOver(HomeServicesDispatch(handlers: HomeServices()))
}
