/* report_file: a file that is written once, at the end of a run, for --summary-export and
 * --report. */
#ifndef TSDB_EXPORTER_REPORT_REPORT_FILE_H
#define TSDB_EXPORTER_REPORT_REPORT_FILE_H

#include "base/buf.h"
#include "base/error.h"

struct report_file {
    const char *option; /* for messages: "--report" */
    const char *name;   /* as the user wrote it; NULL: not asked for */
    int fd;             /* is written in place; or -1 */
    char *path;         /* is replaced; or NULL */
};

enum report_file_way {
    REPORT_FILE_IN_PLACE, /* the file keeps its owner and mode, and needs no directory that can be
                             written to */
    REPORT_FILE_REPLACED  /* a reader sees the old file or the new one, never a part; what is no
                             regular file is written in place all the same */
};

/* `name` is a file, "-" for standard output, or NULL, then nothing happens here and below. It
 * must outlive it. -1: it cannot be written, which is best known before the first transfer. */
int report_file_open(struct report_file *file, const char *option, const char *name,
                     enum report_file_way way, struct error *err);
/* Writes all of the text; it has failed if it has not. */
int report_file_write(struct report_file *file, const struct buf *text, struct error *err);
void report_file_close(struct report_file *file);

#endif
