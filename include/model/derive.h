/* derive: the numbers that are computed from what curl wrote. */
#ifndef TSDB_EXPORTER_MODEL_DERIVE_H
#define TSDB_EXPORTER_MODEL_DERIVE_H

#include "model/transfer.h"

/* Adds the phases (phase.h) and
 * - failed: 1 if curl's exit code is not 0 or, over HTTP, there is no status below 400;
 *   else 0; absent if neither the exit code nor a status is there;
 * - cert_expiry: the earliest date in `certs`, curl's certificate chain, which may be
 *   NULL; as Unix time. */
void derive_numbers(struct transfer *transfer, const char *certs);

#endif
