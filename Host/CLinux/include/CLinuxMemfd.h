#ifndef THORBIS_CLINUX_MEMFD_H
#define THORBIS_CLINUX_MEMFD_H
#include <stddef.h>

// A file in memory that holds the bytes and can never change again: neither written nor resized.
// `name` shows up in /proc/self/maps. Gives the descriptor, which the caller owns, or -1 with errno set.
int thorbis_sealed_memfd(const char *name, const void *bytes, size_t count);

// A file in memory of that many zeros, to be mapped by several processes and written by all; it can't be resized, so
// that no access to a mapping ends in SIGBUS. Close-on-exec. Gives the descriptor, or -1 with errno set.
int thorbis_shared_memfd(const char *name, size_t count);
#endif
