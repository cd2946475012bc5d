/* Why: what stands in a spool may have been torn by a power cut or edited by hand.
 * Any line must be refused, or be a transfer that can be written again and read
 * again as the same.
 *
 * Input: one line, which holds no newline. */
#include "spool/record.h"

#include "fuzz.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct transfer first, second;
    struct buf once, twice;
    char *const line = malloc(size + 1);
    if (!line)
        return 0;
    if (size)
        memcpy(line, data, size);
    buf_init(&once, 1 << 24);
    buf_init(&twice, 1 << 24);
    if (!memchr(line, '\n', size) && record_read(line, size, &first) == 0) {
        for (int f = 0; f < FIELD_COUNT; f++) /* numbers too large for a double */
            if (first.present[f] && first.number[f] - first.number[f] != 0)
                goto out;
        for (size_t i = 0; i < first.extra_count; i++)
            if (first.extras[i].value - first.extras[i].value != 0)
                goto out;
        record_write(&once, &first, true);
        REQUIRE(!once.failed && once.len > 0 && once.data[once.len - 1] == '\n');
        REQUIRE(memchr(once.data, '\n', once.len) == once.data + once.len - 1);
        char *const copy = malloc(once.len);
        if (!copy)
            abort();
        memcpy(copy, once.data, once.len);
        REQUIRE(record_read(copy, once.len - 1, &second) == 0);
        record_write(&twice, &second, true);
        REQUIRE(twice.len == once.len && memcmp(once.data, twice.data, once.len) == 0);
        free(copy);
    }
out:
    buf_release(&once);
    buf_release(&twice);
    free(line);
    return 0;
}
