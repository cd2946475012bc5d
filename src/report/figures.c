/* The rows in the order in which a transfer goes through them, which is the order of all tables. */
#include "report/figures.h"

#include <math.h>

const struct figures_row_name figures_rows[FIGURES_ROWS] = {
    [ROW_TOTAL] = {"time_total", "total", 0},
    [ROW_TOTAL_GOOD] = {"time_total{failed=0}", "not failed", 2},
    [ROW_QUEUE] = {"phase_queue", "queue", 2},
    [ROW_DNS] = {"phase_dns", "dns", 2},
    [ROW_HANDSHAKE] = {"phase_handshake", "handshake", 2},
    [ROW_CONNECT] = {"phase_connect", "connect", 4},
    [ROW_TLS] = {"phase_tls", "tls", 4},
    [ROW_SEND] = {"phase_send", "send", 2},
    [ROW_WAIT] = {"phase_wait", "wait", 2},
    [ROW_TRANSFER] = {"phase_transfer", "transfer", 2},
};

double figures_estimate(const struct histogram *histogram, double seconds)
{
    const double value = fabs(seconds) < 1e9 ? round(seconds * 1e6) / 1e6 : seconds;
    return value < histogram->min   ? histogram->min
           : value > histogram->max ? histogram->max
                                    : value;
}

double figures_pairs(double greater)
{
    return greater > 0 && greater < 0.01   ? 1
           : greater < 1 && greater > 0.99 ? 99
                                           : round(100 * greater);
}

double figures_error(const struct histogram *histogram)
{
    const double ratio = exp2(1 / exp2(histogram->schema));
    return histogram->count ? (ratio - 1) / (ratio + 1) : 0;
}
