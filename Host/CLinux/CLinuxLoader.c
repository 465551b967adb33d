#define _GNU_SOURCE
#include "CLinuxLoader.h"

#include <dlfcn.h>
#include <stddef.h>

const char *thorbis_file_of_address(const void *address) {
    Dl_info found;
    return dladdr(address, &found) != 0 ? found.dli_fname : NULL;
}
