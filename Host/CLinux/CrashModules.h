#ifndef THORBIS_CRASH_MODULES_H
#define THORBIS_CRASH_MODULES_H
#include <stdint.h>

// Both are async-signal-safe, and give THORBIS_CRASH_NONE for an address in no known text.

// The module of an address, and its offset in the module's file as tools like addr2line want it; the address itself
// when there is none.
uint32_t thorbis_module_at(uint64_t address, uint64_t *offset);

// As above, for plugins' modules alone: those that were mapped from a sealed file in memory.
uint32_t thorbis_plugin_at(uint64_t address);
#endif
