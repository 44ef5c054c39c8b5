/* Every flush to the disk takes 2 ms longer, as on a disk that is real. Loaded before the C
   library (LD_PRELOAD) into the server that `make bench` measures, and nowhere else. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static const struct timespec longer = {0, 2000000};

#define SLOWER(flush)                                          \
    int flush(int handle) {                                    \
        static int (*real)(int);                               \
        if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, #flush); \
        nanosleep(&longer, 0);                                 \
        return real(handle);                                   \
    }

SLOWER(fsync)
SLOWER(fdatasync)
