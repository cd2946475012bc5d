/* asked_keys: keys that the options name and field_table does not know.
 *
 * Whether such a key is a newer curl's, a person's own or a misspelling is only known
 * when all transfers have been read. One that never came is told then. */
#ifndef TSDB_EXPORTER_MODEL_ASKED_KEYS_H
#define TSDB_EXPORTER_MODEL_ASKED_KEYS_H

#include "base/notice.h"
#include "model/tags.h"

struct asked_key {
    const char *option; /* "tag-field"; static */
    char *name;         /* owned */
    bool only_numbers;  /* a text of this name does not count */
};

/* Starts as {0}. */
struct asked_keys {
    struct asked_key *items; /* those that have not come yet; owned */
    size_t count;
    bool any_transfer;
};

void asked_keys_release(struct asked_keys *keys);

/* Adds the sources of a plan's tags. 0, or -1: no memory. */
int asked_keys_add_tags(struct asked_keys *keys, const struct tag_plan *plan);
/* Adds the names, but not the patterns, of a list that --fields has accepted, or NULL. 0,
 * or -1: no memory. */
int asked_keys_add_fields(struct asked_keys *keys, const char *list, bool only_numbers);

/* Crosses out the keys that the transfer has. */
void asked_keys_cross_out(struct asked_keys *keys, const struct transfer *transfer);

/* Tells which keys never came, unless nothing came. */
void asked_keys_tell(const struct asked_keys *keys, const struct notice *to);

#endif
