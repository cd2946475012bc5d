/* arena: pieces are apart, aligned, and no more than there is. */
#include "base/arena.h"

#include "tap.h"

#include <stdalign.h>
#include <stdint.h>

int main(void)
{
    struct arena arena;
    OK(arena_init(&arena, 256) == 0, "an arena is made");
    char *const a = arena_alloc(&arena, 1), *const b = arena_alloc(&arena, 100);
    OK(a && b && b > a && (uintptr_t)a % alignof(max_align_t) == 0 &&
           (uintptr_t)b % alignof(max_align_t) == 0,
       "pieces are apart, and aligned for any type");
    memset(b, 'x', 100);
    OK(!arena_alloc(&arena, 200), "a piece that does not fit is none");
    OK(!arena_alloc(&arena, SIZE_MAX), "nor one whose rounded size is no number");
    OK(arena_alloc(&arena, arena.size - arena.used), "the rest can be used to the last byte");
    OK(!arena_alloc(&arena, 1), "and then it is full");
    arena_clear(&arena);
    OK(arena_alloc(&arena, 256) == a, "cleared, it begins anew");
    arena_release(&arena);
#ifndef __SANITIZE_ADDRESS__ /* which ends the program instead */
    OK(arena_init(&arena, SIZE_MAX / 2 + 1) < 0, "more than there is memory is an error");
#endif
    return tap_done();
}
