#define _GNU_SOURCE
#include "CrashModules.h"

#include <link.h>
#include <stdatomic.h>
#include <string.h>

#include "CLinuxCrash.h"

// A process maps at most 200 generations; libraries of the system come on top.
#define MODULES 512
#define PATH 120

typedef struct {
    uint64_t start;
    uint64_t end;
    // What an address has more than its offset in the file.
    uint64_t base;
    int is_plugin;
    char path[PATH];
} text_segment;

// Only grows, and an entry never changes once it is counted: a handler may read it at any moment.
static text_segment segments[MODULES];
static atomic_int count;

static int is_known(uint64_t start) {
    for (int number = 0; number < atomic_load(&count); number++) {
        if (segments[number].start == start) return 1;
    }
    return 0;
}

static void add(const struct dl_phdr_info *info, const ElfW(Phdr) * header) {
    int number = atomic_load(&count);
    uint64_t start = info->dlpi_addr + header->p_vaddr;
    if (number == MODULES || is_known(start)) return;
    text_segment *segment = &segments[number];
    segment->start = start;
    segment->end = start + header->p_memsz;
    segment->base = info->dlpi_addr;
    strncpy(segment->path, info->dlpi_name, PATH - 1);
    segment->is_plugin = strncmp(segment->path, "/proc/self/fd/", 14) == 0;
    atomic_store(&count, number + 1);
}

static int visit(struct dl_phdr_info *info, size_t size, void *unused) {
    (void)size, (void)unused;
    for (int index = 0; index < info->dlpi_phnum; index++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[index];
        if (header->p_type == PT_LOAD && (header->p_flags & PF_X)) add(info, header);
    }
    return 0;
}

int thorbis_crash_modules(void) {
    dl_iterate_phdr(visit, NULL);
    return atomic_load(&count);
}

const char *thorbis_crash_module(int number) {
    return number >= 0 && number < atomic_load(&count) ? segments[number].path : "";
}

uint32_t thorbis_module_at(uint64_t address, uint64_t *offset) {
    *offset = address;
    for (int number = 0; number < atomic_load(&count); number++) {
        const text_segment *segment = &segments[number];
        if (address < segment->start || address >= segment->end) continue;
        *offset = address - segment->base;
        return (uint32_t)number;
    }
    return THORBIS_CRASH_NONE;
}

uint32_t thorbis_plugin_at(uint64_t address) {
    uint64_t offset;
    uint32_t module = thorbis_module_at(address, &offset);
    return module != THORBIS_CRASH_NONE && segments[module].is_plugin ? module : THORBIS_CRASH_NONE;
}
