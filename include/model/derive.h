/* derive: the numbers that are computed from what curl wrote. */
#ifndef TSDB_EXPORTER_MODEL_DERIVE_H
#define TSDB_EXPORTER_MODEL_DERIVE_H

#include "model/transfer.h"

/* Adds the phases (phase.h) and
 * - failed: 0 if curl's exit code is 0 and there is an HTTP code below 400, else 1;
 * - cert_expiry: the earliest date in `certs`, curl's certificate chain, which may be
 *   NULL; as Unix time. */
void derive_numbers(struct transfer *transfer, const char *certs);

#endif
