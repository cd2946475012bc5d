/* totals_write: totals -> text, to be stored with the place in the queue that they belong to.
 *
 * Numbers come back exactly, and the text of the same totals is the same. The lines:
 *
 *     totals 1 LAYOUT SINCE NEWEST LAST STALE OTHERS SETS BOUND BOUND...
 *     set INSTRUMENT<tab>name<tab>value...       its labels without the machine's name; the
 *                                                instrument is the first that carries them
 *     NAME SINCE NUMBER                          a counter or gauge of the set above
 *     NAME SINCE FAILED ALL                      a rate
 *     NAME SINCE SUM MIN MAX CLASSIC... [; ZEROS FIRST LENGTH NATIVE...]    a histogram
 *     sum CHECKSUM                               over all lines before
 *
 * with <tab>LABEL behind a series whose instrument has one. A run of N empty buckets is the
 * number -N. Values of labels are clean, so none has a tab or a newline in it.
 *
 * The machine's name is left out where it is the label `instance`: the spool of a container
 * that has another name each day would else collect the sets of all days. */
#ifndef TSDB_EXPORTER_OUTPUT_TOTALS_WRITE_H
#define TSDB_EXPORTER_OUTPUT_TOTALS_WRITE_H

#include "base/buf.h"
#include "output/totals.h"

/* Appends the text. Look at text->failed. */
void totals_write(const struct totals *totals, struct buf *text);

#endif
