/* arena: memory for many small things that all end together.
 *
 * It is one block of a fixed size. Pieces are handed out from its beginning and
 * never given back one by one: arena_clear takes all of them back at once. */
#ifndef TSDB_EXPORTER_BASE_ARENA_H
#define TSDB_EXPORTER_BASE_ARENA_H

#include <stddef.h>

struct arena {
    char *memory; /* owned */
    size_t used, size;
};

/* 0, or -1 when there is no memory. */
int arena_init(struct arena *arena, size_t size);
void arena_release(struct arena *arena);

/* A piece of `count` bytes, aligned for any type, which lives until arena_clear.
 * NULL when the arena is full. */
void *arena_alloc(struct arena *arena, size_t count);
/* Takes all pieces back. */
void arena_clear(struct arena *arena);

#endif
