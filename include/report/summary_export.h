/* summary_export: the summary as JSON, for --summary-export.
 *
 * One object. Times are seconds, sizes bytes. Keys are only ever added; when they are, or
 * mean something else, `version` rises.
 *
 *   version                 3; 2 had no curves, buckets and steps; before the phases queue
 *                           and handshake there was no such key
 *   transfers, failed       how many
 *   labels                  {key: value} of the tags that all transfers have
 *   first, last             stored times of the first and last one, Unix seconds; null
 *                           without transfers
 *   zone                    local time at the first one: "+01:00" is ahead of UTC
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
 *   curve                   {of, shares, values}: so large a share took at most so long, up
 *                           to the exact maximum; absent without time_total
 *   buckets                 {of, schema, offset, counts}: the i-th count, from 0, is of the
 *                           times above 2^((offset + i - 1) / 2^schema) and up to
 *                           2^((offset + i) / 2^schema), as in Prometheus's native
 *                           histograms. Those of equal schemas can be added; two of one
 *                           schema are one of the schema below. 2^-30 and less share one
 *   over_time               null without transfers, or
 *       of
 *       width, start        of a step, a power of 2; where the first one begins, Unix seconds
 *       slots               how many steps there are; each of the following has so many
 *       transfers, failed   in a step
 *       rate                transfers a second; null where the first or last step covers too
 *                           little time to tell
 *       med, p95, max       of time_total; null where a step has none
 *       percentile_error    of these
 *       parts               [{name, transfers, failed, rate, med, p95, max}]; as those of
 *                           `by`, but empty if these are more than 6
 *   by                      null, or
 *       tag                 the tag or key that the parts differ in, or "protocol"
 *       comparisons         how many were made; p is multiplied by it (Bonferroni)
 *       parts               [{name, others, transfers, failed, failures, protocols, times,
 *                           curve, buckets}], the last two only if there are up to 6; in
 *                           these, all but the first part's stats have also
 *           ratio           of the median to the first part's, or null
 *           slower_in       share of all pairs of one of each in which this one is slower;
 *                           ties count half; or null
 *           p               of a Mann-Whitney U test against the first part, or null
 *           verdict         "faster", "slower", "slightly" (sure, but slower in 44 to 56 of
 *                           100 pairs), "noise", "few", or "unlike": phase_connect and
 *                           phase_tls of QUIC and of TCP are not the same things
 *   fallbacks               [{tag, name, answers, not_http3}]: labels of which some answers
 *                           came over HTTP/3 and some did not; whether those fell back is
 *                           known to who asked
 *   thresholds              [{expression, value, held}]; value is null if never seen
 *
 * of: "not failed", or "all" if all failed; of these are the times.
 *
 * stats: {count, avg, min, p5, med, p90, p95, p99, max}; with --summary-percentiles 50,99.9
 * p99.9 stands there in the place of p90. */
#ifndef TSDB_EXPORTER_REPORT_SUMMARY_EXPORT_H
#define TSDB_EXPORTER_REPORT_SUMMARY_EXPORT_H

#include "base/json_write.h"
#include "report/summary_figures.h"
#include "report/threshold.h"

/* Writes the object; look at json->out->failed. */
void summary_export(const struct summary_figures *figures, const struct threshold *thresholds,
                    size_t count, int64_t now_ns, struct json *json);

#endif
