/* phase: what curl's timers mean.
 *
 * curl counts every time_* from the start of the transfer. Between two of them lies a
 * phase, in which one thing happened:
 *
 *     0        Q         D            H          E         F             total
 *     |  queue |   dns   | handshake  |   send   |  wait   |   transfer  |
 *                        | connect|tls|
 *
 * - With a response queue + dns + handshake + send + wait + transfer is exactly
 *   time_total, in whole microseconds, which is what curl writes.
 * - handshake is everything from the address known to the connection ready, and what TCP
 *   and QUIC are to be compared by. It is connect + tls where both are there, tls for
 *   QUIC (whose handshake is that of TLS 1.3), and connect for plain HTTP.
 * - A phase that did not happen, or cannot be known, is left out; it is never 0.
 * - With -L every time_* is a sum over the hops, and so is every phase.
 * - A number that is negative, or 1e9 seconds and more, is none of curl's and counts as
 *   absent. Without time_total there are no phases, as there is nothing to divide, and
 *   with time_total alone nothing to divide it by.
 *
 * The rules for each boundary and phase, with their reasons, stand in phase.c. They
 * were measured with curl 7.88, 8.14, 8.22 and 8.23 over links of known length, and
 * read in curl's source; this program's own test of that is tests/wire/phases.t. */
#ifndef TSDB_EXPORTER_MODEL_PHASE_H
#define TSDB_EXPORTER_MODEL_PHASE_H

#include "model/transfer.h"

/* True if there was a response whose times are known: with an HTTP status, and over other
 * schemes if the transfer went well, since curl 8.21 and newer make up the times of one that
 * did not. With -L and a last hop that failed http_code is that of the hop before, but the
 * times are not. */
bool phase_has_response(const struct transfer *transfer);

/* True if the transfer made a connection of its own: num_connects says so or, if that
 * is absent, the times of connecting. */
bool phase_made_connection(const struct transfer *transfer);

/* True if the transfer was redirected and made several connections. Its times of
 * connecting and of TLS are then sums over different hops, so that their difference
 * means nothing. */
bool phase_mixes_connections(const struct transfer *transfer);

bool phase_is_quic(const struct transfer *transfer);

/* Adds the phases. A transfer without curl_version, or with one that names no release,
 * is read as the newest curl's; its QUIC library counts as unknown (see ready()). */
void phase_derive(struct transfer *transfer);

#endif
