/* failure_counts: how often transfers failed for which reason. */
#ifndef TSDB_EXPORTER_REPORT_FAILURE_COUNTS_H
#define TSDB_EXPORTER_REPORT_FAILURE_COUNTS_H

#include <stddef.h>
#include <stdint.h>

/* curl's exit codes from this one on are counted as it. */
#define FAILURE_EXIT_CODE_MAX 127

enum failure_kind {
    FAILURE_CURL, /* code is curl's exit code */
    FAILURE_HTTP, /* code is a status: it alone made the transfer fail */
    FAILURE_NONE, /* neither says why; code is 0 */
    FAILURE_KINDS
};

/* What a kind is called in JSON. */
extern const char *const failure_kind_names[FAILURE_KINDS];

struct failure_count {
    enum failure_kind kind;
    int code;
    uint64_t count;
};

struct failure_counts {
    struct failure_count *list; /* sorted by kind and code; owned */
    size_t count, room;
};

/* -1: out of memory. */
int failure_counts_add(struct failure_counts *counts, enum failure_kind kind, int code,
                       uint64_t count);
/* Adds all of `from`. -1: out of memory. */
int failure_counts_merge(struct failure_counts *counts, const struct failure_counts *from);
void failure_counts_release(struct failure_counts *counts);

/* Why it failed, in words; "" where nothing is known. */
const char *failure_count_text(const struct failure_count *failure);

#endif
