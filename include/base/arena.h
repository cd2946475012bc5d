/* arena: memory for many small things that all end together.
 *
 * It is one block of a fixed size. Pieces are handed out from its beginning and
 * never given back one by one: arena_clear takes all of them back at once. */
#ifndef TSDB_EXPORTER_BASE_ARENA_H
#define TSDB_EXPORTER_BASE_ARENA_H

#include <stdalign.h>
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
static inline void *arena_alloc(struct arena *arena, size_t count)
{
    const size_t align = alignof(max_align_t);
    const size_t rounded = (count + align - 1) / align * align;
    if (rounded < count || rounded > arena->size - arena->used)
        return NULL;
    void *const piece = arena->memory + arena->used;
    arena->used += rounded;
    return piece;
}

/* Takes all pieces back. */
static inline void arena_clear(struct arena *arena)
{
    arena->used = 0;
}

#endif
