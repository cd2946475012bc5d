/* keys: a key and its value, as they stand in an object -> a part of a transfer.
 *
 * Keys of curl's are rows of field_table. A key that is no row is a newer curl's or the
 * person's own: its number is kept under its name. Its text is kept only in an object of
 * the person's own, because nobody has checked yet that a newer curl's text holds no
 * secret. */
#ifndef TSDB_EXPORTER_INPUT_KEYS_H
#define TSDB_EXPORTER_INPUT_KEYS_H

#include "base/arena.h"
#include "input/refusal.h"
#include "model/transfer.h"

enum json_kind {
    JSON_NOTHING, /* null, or no value at all */
    JSON_NUMBER,
    JSON_TEXT,
    JSON_TRUTH, /* true or false, which stands in `text` */
    JSON_OTHER  /* a list or an object */
};

struct json_value {
    enum json_kind kind;
    double number;
    char *text; /* may be changed */
};

/* The keys of one transfer that have been read, and where they go. */
struct keys {
    struct transfer *transfer;
    struct refusal *refusal;
    bool keeps_texts; /* this is a person's object: its texts are theirs to use */
    bool seen[FIELD_COUNT];
    size_t unknown_count;
    const char *unknown[TRANSFER_EXTRAS_MAX]; /* names that field_table does not know */
    const char *certs;                        /* curl's certificates, or NULL */
    int hint;                                 /* where in field_table the next key is looked for */
};

/* Begins with an empty transfer. Names and texts must live as long as the transfer.
 * `certs` have been cut out of the object, or are NULL. */
void keys_begin(struct keys *keys, const char *certs, struct transfer *transfer,
                struct refusal *refusal);

/* Reads one key of curl's object, or of a template of a person's own. 0 or -1 and the
 * refusal. */
int keys_read(struct keys *keys, const char *name, struct json_value value);

/* Reads one key of a person's own, from beside curl's object. A name of curl's is
 * refused. */
int keys_read_own(struct keys *keys, const char *name, struct json_value value);

/* Makes older curls look like newer ones, when all keys have been read: before 8.8 the
 * scheme is in capitals, before 8.1 there is no url.host. 0 or -1 and the refusal. */
int keys_end(struct keys *keys, struct arena *arena);

#endif
