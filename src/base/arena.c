/* Why: reading one object takes a hundred small pieces of memory, all of which
 * end with the next object. From one block they cost a few instructions each, and
 * the size of the block is the limit on what one object can take. */
#include "base/arena.h"

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
