/* amount: numbers with units, as people type them. */
#ifndef TSDB_EXPORTER_BASE_AMOUNT_H
#define TSDB_EXPORTER_BASE_AMOUNT_H

enum amount_kind {
    AMOUNT_COUNT,   /* no unit */
    AMOUNT_SIZE,    /* bytes: K, M, G are powers of 1024 */
    AMOUNT_DURATION /* seconds: us, ms, s, m, h, d; without a unit seconds */
};

/* Reads the whole of `text` as an amount from `min` to `max`. 0 or -1. */
int amount_parse(const char *text, enum amount_kind kind, double min, double max, double *amount);

#endif
