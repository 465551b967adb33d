#ifndef THORBIS_CLINUX_H
#define THORBIS_CLINUX_H
// The few Linux calls that Swift can't import: variadic functions and GNU-only names.
#include "CLinuxChild.h"
#include "CLinuxCrash.h"
#include "CLinuxLoader.h"
#include "CLinuxMemfd.h"
#include "CLinuxSignals.h"
#include "CLinuxSpawn.h"
#endif
