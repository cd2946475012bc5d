/* curl_faults: what some releases of curl are known to note wrongly, or not at all.
 *
 * The phases are derived so that they are right all the same, or contain what cannot be
 * told apart. These sentences are for people who look at curl's own time_*, or wonder. */
#ifndef TSDB_EXPORTER_MODEL_CURL_FAULTS_H
#define TSDB_EXPORTER_MODEL_CURL_FAULTS_H

#include "model/transfer.h"

/* A sentence about the curl that wrote this transfer, to be read behind "curl 8.14 ", that
 * is not among those `*told` yet (0 at first), and notes it there. NULL: there is none. */
const char *curl_faults_untold(const struct transfer *transfer, uint32_t *told);

#endif
