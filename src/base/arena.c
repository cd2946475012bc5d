/* Why: reading one object takes a hundred small pieces of memory, all of which
 * end with the next object. From one block they cost a few instructions each, and
 * the size of the block is the limit on what one object can take. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>

int arena_init(struct arena *arena, size_t size)
{
    *arena = (struct arena){.memory = malloc(size), .size = size};
    return arena->memory ? 0 : -1;
}

void arena_release(struct arena *arena)
{
    free(arena->memory);
}

void *arena_alloc(struct arena *arena, size_t count)
{
    const size_t align = alignof(max_align_t);
    const size_t rounded = (count + align - 1) / align * align;
    if (rounded < count || rounded > arena->size - arena->used)
        return NULL;
    void *const piece = arena->memory + arena->used;
    arena->used += rounded;
    return piece;
}

void arena_clear(struct arena *arena)
{
    arena->used = 0;
}
