/* file: lines of line protocol, in a file or on standard output. */
#ifndef TSDB_EXPORTER_OUTPUT_FILE_H
#define TSDB_EXPORTER_OUTPUT_FILE_H

#include "output/output.h"

extern const struct output_type output_file;

#endif
