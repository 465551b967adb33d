// Fault: an address stands among the instructions, where the loader would have to write it.
__asm__(".text\n.balign 8\nthorbis_fixture_patched: .quad thorbis_fixture_patched\n");
