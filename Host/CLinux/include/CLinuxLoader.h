#ifndef THORBIS_CLINUX_LOADER_H
#define THORBIS_CLINUX_LOADER_H

// The path of the loaded file that an address lies in, or NULL. The text belongs to the dynamic loader and lives as
// long as the file stays loaded. The address isn't read.
const char *thorbis_file_of_address(const void *address);
#endif
