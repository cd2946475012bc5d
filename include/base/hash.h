/* hash: FNV-1a (Fowler, Noll, Vo), 64 bits. Not for secrets. */
#ifndef TSDB_EXPORTER_BASE_HASH_H
#define TSDB_EXPORTER_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Where a hash begins. */
#define HASH_BEGIN UINT64_C(0xcbf29ce484222325)

/* The hash of the bytes, going on from `hash`. */
uint64_t hash_bytes(uint64_t hash, const char *bytes, size_t len);

#endif
