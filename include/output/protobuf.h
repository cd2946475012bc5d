/* protobuf: loads libprotobuf-c, which the generated code (*.pb-c.c) calls.
 *
 * The program is not linked with it: a process that only writes to a spool packs no
 * message, and loading one library more costs it a tenth of its time. */
#ifndef TSDB_EXPORTER_OUTPUT_PROTOBUF_H
#define TSDB_EXPORTER_OUTPUT_PROTOBUF_H

#include "base/error.h"

/* Loads the library, once. To be called before the first message is packed or
 * unpacked. 0, or -1 and why it cannot be loaded. */
int protobuf_load(struct error *err);

/* The library's version, or why it cannot be loaded. */
const char *protobuf_library_version(struct error *err);

#endif
