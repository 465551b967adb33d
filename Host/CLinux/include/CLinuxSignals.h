#ifndef THORBIS_CLINUX_SIGNALS_H
#define THORBIS_CLINUX_SIGNALS_H
// Readiness of sockets that belong to a C library, told to one thread through a descriptor (fcntl(2), signalfd(2)).

/// Blocks SIGIO in the calling thread and makes a non-blocking descriptor that becomes readable whenever
/// the signal is pending for this thread. Returns -1 and sets errno on failure.
int thorbis_signal_descriptor(void);

/// From now on the kernel sends SIGIO to the calling thread whenever `socket` becomes readable or writable.
/// SIGIO must be blocked in the thread. Returns -1 and sets errno on failure.
int thorbis_signal_this_thread(int socket);

/// Ends what thorbis_signal_this_thread began.
void thorbis_signal_nobody(int socket);
#endif
