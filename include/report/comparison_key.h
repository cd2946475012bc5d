/* comparison_key: what is needed to read a comparison, in sentences below it. */
#ifndef TSDB_EXPORTER_REPORT_COMPARISON_KEY_H
#define TSDB_EXPORTER_REPORT_COMPARISON_KEY_H

#include "report/screen.h"
#include "report/summary_figures.h"

/* More parts than this stand in rows, and the sentences do not go into each of them. */
#define COMPARISON_SIDE_BY_SIDE_MAX 6

/* Narrower screens have no room for the number of pairs. */
static inline bool comparison_has_pairs(const struct screen *screen)
{
    return screen->width >= 59;
}

/* Appends: what the verdicts mean; where a part has fewer values than transfers; which
 * labels may have fallen back from HTTP/3. There are at least two parts. */
void comparison_key_print(const struct summary_figures *figures, const struct screen *screen,
                          struct buf *out);

#endif
