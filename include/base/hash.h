/* hash: FNV-1a (Fowler, Noll, Vo), 64 bits, and a checksum for files. Not for secrets. */
#ifndef TSDB_EXPORTER_BASE_HASH_H
#define TSDB_EXPORTER_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Where a hash begins. */
#define HASH_BEGIN UINT64_C(0xcbf29ce484222325)

/* The hash of the bytes, going on from `hash`. */
uint64_t hash_bytes(uint64_t hash, const char *bytes, size_t len);

/* Differs, but for one case in 2^32, as soon as a byte does. It is the same on every
 * machine, and several times faster than hash_bytes. */
uint32_t hash_checksum(const char *bytes, size_t len);

#endif
