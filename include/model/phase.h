/* phase: what a transfer's cumulative timings mean.
 *
 * curl counts every time_* from the start of the transfer; the phases are their
 * differences. Rules (measured, curl 7.88 to 8.22):
 * - A phase that did not happen is left out: time_* 0, a reused connection
 *   (num_connects 0 with a response), plain HTTP.
 * - Without an HTTP response only name lookup, connect and TLS mean anything,
 *   where they are not 0: curl 8.22 makes the later ones up.
 * - A difference is never negative: the response may begin before the request
 *   is counted as sent, in which case there was no waiting.
 * - With -L every time_* is a sum over the hops, so the phases are as well. TLS is
 *   left out when a hop without it may be in the sum (http:// that led to
 *   another connection), since the difference would be too small.
 * - failed: curl's exit code is not 0, or there is no HTTP code below 400. */
#ifndef TSDB_EXPORTER_MODEL_PHASE_H
#define TSDB_EXPORTER_MODEL_PHASE_H

#include "model/transfer.h"

/* Adds the derived numbers. `certs` is curl's certificate chain, or NULL. */
void phase_derive(struct transfer *transfer, const char *certs);

#endif
