/* version: what --version prints. */
#ifndef TSDB_EXPORTER_RUN_VERSION_H
#define TSDB_EXPORTER_RUN_VERSION_H

#include <stdio.h>

/* Prints the version of the program and of each library that says its own, a line each. In
 * place of the version of a library that cannot be loaded stands why it cannot. */
void version_print(FILE *to);

#endif
