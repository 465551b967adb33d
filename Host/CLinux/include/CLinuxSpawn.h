#ifndef THORBIS_CLINUX_SPAWN_H
#define THORBIS_CLINUX_SPAWN_H
#include <stddef.h>
#include <sys/types.h>

/// A child that gets exactly the descriptors it is given: swift-subprocess closes all but the first three.
typedef struct {
    const char *path;
    /// Both end with NULL; the first argument is the name of the program.
    const char *const *arguments;
    const char *const *environment;
    /// The n-th becomes descriptor n of the child; it has no others. At most THORBIS_SPAWN_DESCRIPTORS.
    const int *descriptors;
    int descriptor_count;
} thorbis_spawn;

#define THORBIS_SPAWN_DESCRIPTORS 16

/// Starts the child in a process group of its own, with every signal as at boot, and returns its process id, or -1
/// with errno; a program that isn't there is such an error. The caller's descriptors stay open.
pid_t thorbis_spawn_start(const thorbis_spawn *order);

/// Makes a pipe whose ends are close-on-exec. Returns 0, or -1 with errno.
int thorbis_pipe(int *reading, int *writing);

/// A descriptor for a child that hasn't been waited for, readable once it has ended (pidfd_open(2)). Close-on-exec.
int thorbis_process_descriptor(pid_t pid);

/// Sends a signal to the process of the descriptor, and to no other one that has its number later.
int thorbis_process_signal(int process, int signal);

/// Binds and listens on a host's name or address; port 0 takes a free one. Close-on-exec.
/// Returns the descriptor, or -1 with errno and a reason in English, which is never freed.
int thorbis_listen(const char *host, const char *port, int backlog, const char **reason);

/// Whether the descriptor is a stream socket that listens.
int thorbis_is_listening(int descriptor);

/// Writes `127.0.0.1:8080` or `[::1]:8080` for a socket. Returns 0, or -1 when it has no such address.
int thorbis_socket_authority(int descriptor, char *text, size_t bytes);
#endif
