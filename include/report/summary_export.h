/* summary_export: the summary as JSON, for --summary-export.
 *
 * One object. Times are seconds, sizes bytes. Keys are only ever added; when they are, or
 * mean something else, `version` rises.
 *
 *   version                 2; before the phases queue and handshake there was no such key
 *   transfers, failed       how many
 *   first, last             stored times of the first and last one, Unix seconds; null
 *                           without transfers
 *   rate                    transfers a second between them; null for fewer than two
 *   bytes_received          headers and bodies
 *   bytes_sent
 *   percentile_error        of a percentile at most, as a share of it
 *   complete                false: some are missing for want of memory
 *   failures                [{kind, code, text, count}]; kind is "curl" (an exit code;
 *                           127 stands for all above), "http" (a status) or "none"
 *                           (no answer, and curl does not say why)
 *   http_codes              {code: transfers} of the transfers over HTTP; "0" for none
 *   protocols               {name: transfers}, such as "HTTP/3" or "no answer"
 *   times                   {metric: stats}: time_total, phase_queue, phase_dns,
 *                           phase_handshake, phase_connect, phase_tls, phase_send,
 *                           phase_wait, phase_transfer, and time_total{failed=0} when
 *                           some failed; only those that were measured at least once
 *   time_total_histogram    [{above, up_to, count}]
 *   by                      null, or
 *       tag                 the tag or key that the parts differ in, or "protocol"
 *       comparisons         how many were made; p is multiplied by it (Bonferroni)
 *       parts               [{name, others, transfers, failed, protocols, times}]; in
 *                           these, all but the first part's stats have also
 *           ratio           of the median to the first part's, or null
 *           p               of a Mann-Whitney U test against the first part, or null
 *           verdict         "faster", "slower", "noise", "few", or "unlike": phase_tls of
 *                           QUIC and of TCP is not the same thing
 *   fallbacks               [{tag, name, answers, not_http3}]: labels of which some answers
 *                           came over HTTP/3 and some did not; whether those fell back is
 *                           known to who asked
 *   thresholds              [{expression, value, held}]; value is null if never seen
 *
 * stats: {count, avg, min, med, p90, p95, p99, max}; with --summary-percentiles 50,99.9 p99.9
 * stands in the place of p90, p95 and p99. */
#ifndef TSDB_EXPORTER_REPORT_SUMMARY_EXPORT_H
#define TSDB_EXPORTER_REPORT_SUMMARY_EXPORT_H

#include "base/json_write.h"
#include "report/summary_figures.h"
#include "report/threshold.h"

/* Writes the object; look at json->out->failed. */
void summary_export(const struct summary_figures *figures, const struct threshold *thresholds,
                    size_t count, int64_t now_ns, struct json *json);

#endif
