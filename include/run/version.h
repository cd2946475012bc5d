/* version: what --version prints. */
#ifndef TSDB_EXPORTER_RUN_VERSION_H
#define TSDB_EXPORTER_RUN_VERSION_H

#include <stdio.h>

/* This program's version and those of its libraries, a line each. */
void version_print(FILE *to);

#endif
