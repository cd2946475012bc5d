/* instrument: what a layout counts, for outputs that are told totals instead of each
 * transfer. */
#ifndef TSDB_EXPORTER_LAYOUT_INSTRUMENT_H
#define TSDB_EXPORTER_LAYOUT_INSTRUMENT_H

enum instrument_kind {
    INSTRUMENT_COUNTER,  /* the sum of what was observed, none of which is below 0 */
    INSTRUMENT_GAUGE,    /* the newest value */
    INSTRUMENT_RATE,     /* a gauge: the average of zeros and ones */
    INSTRUMENT_HISTOGRAM /* how the values, in seconds, are spread */
};

/* Prometheus's names: base units, and _total for counters. */
struct instrument {
    const char *name; /* NULL: the row behind the last */
    enum instrument_kind kind;
    const char *unit; /* "seconds", "bytes", or NULL */
    const char *help;
    const char *label;          /* that an observation brings (reason, phase), or NULL */
    const char *const *without; /* labels that its series do not carry; ends in NULL, and is
                                 * one list for all instruments without the same */
    const char *trend; /* histogram: the name of its trend gauges, before _p95; NULL: none */
};

/* One value of one transfer. */
struct observation {
    const struct instrument *instrument;
    double value;
    const char *label; /* the value of instrument->label; lives as long as the transfer, or
                        * for ever; NULL if that is NULL */
};

#define OBSERVATIONS_MAX 32

#endif
