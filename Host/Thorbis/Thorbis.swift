import ArgumentParser

/// The command line of the platform: one executable for operators, developers and the host process itself.
///
/// Exit codes: 0 ok, 1 findings, 2 usage, 3 environment (something the machine lacks).
@main
struct Thorbis: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "thorbis",
        abstract: "The business platform that industries plug into.",
        subcommands: [
            UpCommand.self, ServeCommand.self, HandOverCommand.self, PluginCommand.self, DatabaseCommand.self,
            BusinessCommand.self, UserCommand.self, ImportCommand.self,
        ])
}
