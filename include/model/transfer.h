/* transfer: one curl object, in the form that everything behind the reading works from.
 *
 * Numbers are present or absent, and absent is not 0. They are in curl's units: seconds,
 * bytes, bytes a second. The strings belong to whoever read the transfer, and live until
 * the next one is read. */
#ifndef TSDB_EXPORTER_MODEL_TRANSFER_H
#define TSDB_EXPORTER_MODEL_TRANSFER_H

#include "base/error.h"
#include "model/field.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRANSFER_TAGS_MAX 64
#define TRANSFER_EXTRAS_MAX 64 /* numbers, and as many texts */

/* A time is believed from 2000-01-01 on, until the clock + 10 minutes (what Prometheus
 * 3.5 takes; 2.42 takes more and then refuses everything else). */
#define TRANSFER_TIME_MIN_NS (INT64_C(946684800) * 1000000000)
#define TRANSFER_AHEAD_NS (INT64_C(600) * 1000000000)

struct tag {
    const char *key;
    const char *value; /* never empty; clean (text_clean) */
};

struct extra_number {
    const char *name; /* a key that field_table does not know; letters, digits, _ . - */
    double value;
};

struct own_text {
    const char *name; /* the same for a text, which only a person's own object can bring */
    const char *text; /* may be empty, then nothing of it is stored; not clean */
};

struct transfer {
    int64_t time_ns; /* Unix time; no two transfers of one reader have the same */
    bool timed;      /* the time came with the object; else it is that of its arrival */
    size_t tag_count;
    struct tag tags[TRANSFER_TAGS_MAX]; /* sorted by key, no key twice */
    bool present[FIELD_COUNT];
    double number[FIELD_COUNT];    /* finite; means something only where present */
    const char *text[FIELD_COUNT]; /* NULL = absent; never a secret; not clean */
    size_t extra_count;
    struct extra_number extras[TRANSFER_EXTRAS_MAX];
    size_t own_text_count;
    struct own_text own_texts[TRANSFER_EXTRAS_MAX]; /* sent only when asked for */
};

static inline bool transfer_has(const struct transfer *transfer, enum field_id field)
{
    return transfer->present[field];
}

/* Whether a time that was read, from outside or from a spool, can be that of a transfer. */
static inline bool transfer_time_is_plausible(int64_t time_ns, int64_t now_ns)
{
    return time_ns >= TRANSFER_TIME_MIN_NS && time_ns <= now_ns + TRANSFER_AHEAD_NS;
}

void transfer_set(struct transfer *transfer, enum field_id field, double value);
/* The number, or `otherwise` if it is absent. */
double transfer_get(const struct transfer *transfer, enum field_id field, double otherwise);

/* True if the response codes of this transfer are HTTP's: by the scheme or, where curl names
 * none, by the URL. Without both it is taken for HTTP. */
bool transfer_speaks_http(const struct transfer *transfer);

/* HTTP's status code, 0 for none. The codes of other schemes, such as FTP's 226 and SMTP's
 * 250, mean something else and give 0. */
double transfer_http_status(const struct transfer *transfer);

/* Bytes of header and body that were sent. In newer curls size_request holds the part of
 * the body that went out with the header; in older ones it does not, so that a large
 * upload is larger than it. */
double transfer_bytes_sent(const struct transfer *transfer);
/* The same for what was received. */
double transfer_bytes_received(const struct transfer *transfer);

bool transfer_has_tag(const struct transfer *transfer, const char *key);

/* The value of a field as text, clean as a tag's value: a text or a number; NULL if it
 * is absent. It may be put into `room`: TEXT_ROOM bytes, or NUMBER_ROOM and three times
 * the text. */
const char *transfer_field_value(const struct transfer *transfer, enum field_id field, char *room);

/* The same for a number or a text that field_table does not know. */
const char *transfer_own_value(const struct transfer *transfer, const char *name, char *room);

/* The value of a key as text, the same for whoever asks (--summary-by, the {} of
 * --threshold): that of the tag of this name, else of the field, else of the number or the
 * text that field_table does not know. `field` is field_find(key). NULL: there is none. */
const char *transfer_value(const struct transfer *transfer, const char *key, enum field_id field,
                           char *room);

/* Transfers a second, from the times of the first and the last of `count`. 0 if that makes
 * no sense: transfers with one time are set apart by a nanosecond each (unique_times). */
static inline double transfer_rate(uint64_t count, int64_t first_ns, int64_t last_ns)
{
    const double span_ns = (double)(last_ns - first_ns);
    return count < 2 || span_ns < (double)count ? 0 : (double)(count - 1) / (span_ns / 1e9);
}

#endif
