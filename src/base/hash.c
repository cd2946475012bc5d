/* Why: one hash for everything that needs one. */
#include "base/hash.h"

uint64_t hash_bytes(uint64_t hash, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* Eight bytes a step, the first one lowest. Each step can be undone, so that two texts
 * that differ in one word never come to the same 64 bits. */
uint32_t hash_checksum(const char *bytes, size_t len)
{
    uint64_t hash = HASH_BEGIN ^ len;
    for (size_t i = 0; i < len; i += 8) {
        uint64_t word = 0;
        if (len - i >= 8)
            for (size_t k = 0; k < 8; k++) /* a compiler makes one load of it */
                word |= (uint64_t)(unsigned char)bytes[i + k] << 8 * k;
        else
            for (size_t k = 0; k < len - i; k++)
                word |= (uint64_t)(unsigned char)bytes[i + k] << 8 * k;
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
    }
    return (uint32_t)hash;
}
