/* mann_whitney: the numbers that the formula gives when it is worked out by hand on the
 * ranks, and how often it finds a difference where there is none. */
#include "stats/mann_whitney.h"

#include "tap.h"

static uint64_t state = 88172645463325252u;

static double uniform(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return ((double)(state >> 12) + 0.5) / 0x1p52;
}

static struct histogram of(const double *values, size_t count)
{
    struct histogram h;
    histogram_init(&h, HISTOGRAM_BYTES);
    for (size_t i = 0; i < count; i++)
        histogram_add(&h, values[i]);
    return h;
}

static struct mann_whitney compare(const double *a, size_t a_count, const double *b, size_t b_count,
                                   int coarser)
{
    struct histogram x = of(a, a_count), y = of(b, b_count);
    for (int i = 0; i < coarser; i++)
        histogram_coarsen(&y);
    const struct mann_whitney c = mann_whitney_test(&x, &y);
    histogram_release(&x);
    histogram_release(&y);
    return c;
}

static bool near(double got, double want)
{
    const bool good = fabs(got - want) < 1e-9;
    if (!good)
        printf("# got %.12g, want %.12g\n", got, want);
    return good;
}

static void works_out_as_by_hand(void)
{
    static const double a[] = {1, 2, 2, 3, 3, 3, 4, 4, 5, 8, 9, 10, 10, 11, 12, 13, 13, 14, 15, 16};
    static const double b[] = {3,  4,  4,  5,  6,  7,  8,  8,  9,  10, 12,
                               14, 14, 15, 16, 16, 17, 18, 19, 20, 21, 22};
    static const double ones[20] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2};
    static const double twos[20] = {1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2};
    struct mann_whitney c = compare(a, 20, b, 22, 0);
    OK(near(c.greater, 0.7125) && near(c.p, 0.0189691577108422), "some ties");
    c = compare(a, 20, b, 22, 2);
    OK(near(c.greater, 0.7125) && near(c.p, 0.0189691577108422),
       "schemas 8 and 6: the same, as long as they keep the values apart");
    c = compare(b, 22, a, 20, 0);
    OK(near(c.greater, 1 - 0.7125) && near(c.p, 0.0189691577108422), "the other way round");
    c = compare(ones, 20, twos, 20, 0);
    OK(near(c.greater, 0.625) && near(c.p, 0.11041579736434), "nearly all ties");
    c = compare(ones, 10, twos, 5, 0);
    OK(near(c.greater, 0.5) && near(c.p, 1), "all the same value");
    c = compare(a, 1, b + 21, 1, 0);
    OK(c.p > 0.9 && near(c.greater, 1), "one against one tells nothing");
}

/* Of 1,000 pairs from one distribution, p < 0.05 in about 50. */
static void is_right_about_chance(void)
{
    size_t alarms = 0, found = 0;
    double a[40], b[60];
    for (int run = 0; run < 1000; run++) {
        for (size_t i = 0; i < 40; i++)
            a[i] = -log(uniform());
        for (size_t i = 0; i < 60; i++)
            b[i] = -log(uniform());
        alarms += compare(a, 40, b, 60, 0).p < 0.05;
        for (size_t i = 0; i < 60; i++)
            b[i] *= 2.5;
        found += compare(a, 40, b, 60, 0).p < 0.05;
    }
    printf("# %zu false alarms, %zu found\n", alarms, found);
    OK(alarms > 25 && alarms < 75, "1 in 20 false alarms");
    OK(found > 900, "and a real difference is found");
}

int main(void)
{
    works_out_as_by_hand();
    is_right_about_chance();
    return tap_done();
}
