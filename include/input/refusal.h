/* refusal: why an object is no transfer. */
#ifndef TSDB_EXPORTER_INPUT_REFUSAL_H
#define TSDB_EXPORTER_INPUT_REFUSAL_H

#include <stdbool.h>

struct refusal {
    const char *reason; /* static text, to be counted by */
    char key[64];       /* the key at fault, or what to do about it, or "" */
    bool mixed;         /* several programs may write to this pipe */
};

/* Fills the refusal, and returns -1. `key` is cut to the room that there is. */
int refuse(struct refusal *refusal, const char *reason, const char *key);
int refuse_mixed(struct refusal *refusal, const char *reason, const char *key);

#endif
