#ifndef THORBIS_CLINUX_CHILD_H
#define THORBIS_CLINUX_CHILD_H
#include <sys/types.h>

/// What posix_spawn can't do: a child that runs as another user and ends when its parent thread does.
typedef struct {
    const char *path;
    /// Both end with NULL; the first argument is the name of the program.
    const char *const *arguments;
    const char *const *environment;
    /// Where it starts; must be reachable for the user.
    const char *folder;
    /// Becomes standard output and standard error.
    int log;
    /// Signal the child gets when the thread that made it ends.
    int death_signal;
    /// Non-zero: change to `user` and `group`, which needs root.
    int changes_user;
    uid_t user;
    gid_t group;
} thorbis_child;

/// Starts the child and returns its process id, or -1 with errno. The child's exit code is 127 when
/// it couldn't be set up. The calling thread must live as long as the child should.
pid_t thorbis_child_start(const thorbis_child *child);
#endif
