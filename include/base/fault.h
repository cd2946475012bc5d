/* fault: named places in the code where a test can make something fail.
 *
 * They exist only in test builds (-DFAULTS); in all others they do nothing. The
 * environment variable FAULT lists what shall happen, as "PLACE=ACTION,...", or
 * "PLACE@3=ACTION" for the third time that the place is reached and all later ones. Each
 * action that happens adds its place as a line to the file $FAULT_LOG, so that a test can
 * see that the place was reached.
 *
 *   kill    the process kills itself with SIGKILL
 *   stop    the process stops itself with SIGSTOP
 *   NAME    the call fails with this errno: EACCES, EIO, ENOMEM, ENOSPC
 *   short   a write writes only the first half */
#ifndef TSDB_EXPORTER_BASE_FAULT_H
#define TSDB_EXPORTER_BASE_FAULT_H

#include <stddef.h>

#ifdef FAULTS
/* 0, or -1 and errno if the call that follows shall fail. */
int fault(const char *place);
/* How many of `len` bytes the write that follows shall write. */
size_t fault_length(const char *place, size_t len);
#else
static inline int fault(const char *place)
{
    (void)place;
    return 0;
}
static inline size_t fault_length(const char *place, size_t len)
{
    (void)place;
    return len;
}
#endif

#endif
