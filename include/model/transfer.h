/* transfer: one curl object, in the neutral form that everything behind works
 * from.
 *
 * Numbers are there or not (absent is not 0) and stand in curl's units: seconds,
 * bytes, bytes a second. Strings belong to the reader and live until it reads
 * the next object. */
#ifndef TSDB_EXPORTER_MODEL_TRANSFER_H
#define TSDB_EXPORTER_MODEL_TRANSFER_H

#include "base/error.h"
#include "model/field.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRANSFER_TAGS_MAX 64
#define TRANSFER_EXTRAS_MAX 64

struct tag {
    const char *key;
    const char *value; /* never empty; clean (text_clean) */
};

struct extra_number {
    const char *name; /* a key that field_table does not know; letters, digits, _ . - */
    double value;
};

struct transfer {
    int64_t time_ns; /* Unix time; unique among all that one reader returned */
    bool timed;      /* it came with the object; otherwise it is that of arrival */
    size_t tag_count;
    struct tag tags[TRANSFER_TAGS_MAX]; /* sorted by key, no key twice */
    bool present[FIELD_COUNT];
    double number[FIELD_COUNT];    /* finite; only where present */
    const char *text[FIELD_COUNT]; /* NULL = absent; never a secret; not clean */
    size_t extra_count;
    struct extra_number extras[TRANSFER_EXTRAS_MAX];
};

static inline bool transfer_has(const struct transfer *transfer, enum field_id field)
{
    return transfer->present[field];
}

void transfer_set(struct transfer *transfer, enum field_id field, double value);
/* The number, or `otherwise` if it is absent. */
double transfer_get(const struct transfer *transfer, enum field_id field, double otherwise);

/* Header and body sent. curl's size_request holds what goes out of the body, but in
 * older curls not that of a larger upload. */
double transfer_bytes_sent(const struct transfer *transfer);

bool transfer_has_tag(const struct transfer *transfer, const char *key);

#endif
