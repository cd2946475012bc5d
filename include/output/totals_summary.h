/* totals_summary: what a text of totals_write tells a person. */
#ifndef TSDB_EXPORTER_OUTPUT_TOTALS_SUMMARY_H
#define TSDB_EXPORTER_OUTPUT_TOTALS_SUMMARY_H

#include <stddef.h>
#include <stdint.h>

struct totals_summary {
    size_t sets;      /* of labels */
    int64_t since_ms; /* Unix time of the first transfer; 0: there was none */
    uint64_t others;  /* transfers that went to "other" */
};

/* 0, or -1: it is no such text. */
int totals_summarize(struct totals_summary *summary, const char *text);

#endif
