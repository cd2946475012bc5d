/* fault: named places where a test can make things go wrong.
 *
 * Only in test builds (-DFAULTS); in all others these are nothing at all. The
 * environment variable FAULT lists what is to happen, "PLACE=ACTION,...", and
 * "PLACE@3=ACTION" from the third time on; each one that happens adds its place as
 * a line to the file $FAULT_LOG, by which a test knows that it was reached.
 *
 *   kill    the process is killed with SIGKILL, there
 *   stop    it stops there for good, as by SIGSTOP
 *   NAME    the call there fails with that errno: EACCES, EIO, ENOMEM, ENOSPC
 *   short   a write there writes the first half only */
#ifndef TSDB_EXPORTER_BASE_FAULT_H
#define TSDB_EXPORTER_BASE_FAULT_H

#include <stddef.h>

#ifdef FAULTS
/* 0, or -1 and errno if the call behind it is to fail. */
int fault(const char *place);
/* How many of `len` bytes a write there is to write. */
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
