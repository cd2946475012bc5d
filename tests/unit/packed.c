/* packed: what is packed comes out as it was, in any range, in parts that go apart. */
#include "output/packed.h"

#include "tap.h"

enum { SETS = 100, SERIES = 30, ZEROS = 5, BYTES_MAX = 1024 * 1024 };

static struct error err;
static struct batch *batch;

/* The numbers of a set: all series, some of which are new. */
static void numbers_of(struct sample_list *list, unsigned set)
{
    sample_list_init(list, BYTES_MAX);
    for (unsigned i = 0; i < SERIES; i++, list->series++) {
        const struct series_kind kind = {SERIES_COUNTER, 1};
        struct sample sample = {.time_ms = 999, .series = i};
        if (i < ZEROS)
            buf_append(&list->samples, &sample, sizeof sample);
        sample.time_ms = 1000;
        sample.value = set * 1000 + i;
        buf_append(&list->samples, &sample, sizeof sample);
        buf_printf(&list->definitions, "s%u%c%c%cset%c%u%c", i, 0, 0, 0, 0, set, 0);
        buf_append(&list->definitions, "", 1);
        buf_append(&list->kinds, &kind, sizeof kind);
    }
}

static void histograms_of(struct histogram_list *list, unsigned set)
{
    histogram_list_init(list, BYTES_MAX);
    const uint64_t buckets[2] = {set, 1};
    const struct series_kind kind = {SERIES_HISTOGRAM, 1};
    const struct histogram_sample sample = {.time_ms = 1000, .count = set + 1, .length = 2};
    buf_append(&list->samples, &sample, sizeof sample);
    buf_append(&list->buckets, buckets, sizeof buckets);
    buf_printf(&list->definitions, "h%c%c%cset%c%u%c", 0, 0, 0, 0, set, 0);
    buf_append(&list->definitions, "", 1);
    buf_append(&list->kinds, &kind, sizeof kind);
    list->series = 1;
}

static void fill(void)
{
    struct sample_list numbers;
    struct histogram_list histograms;
    batch = batch_new(1);
    for (int part = PACKED_ZEROS; part <= PACKED_NUMBERS; part++)
        for (unsigned set = 0; set < SETS; set++) {
            numbers_of(&numbers, set);
            if (packed_add(batch, (enum packed_part)part, &numbers, &err) < 0)
                OK(0, err.text);
            sample_list_release(&numbers);
        }
    for (int part = PACKED_HISTOGRAM_ZEROS; part < PACKED_PARTS; part++)
        for (unsigned set = 0; set < SETS; set++) {
            numbers_of(&numbers, set);
            histograms_of(&histograms, set);
            if (packed_add_histograms(batch, (enum packed_part)part, &histograms, &numbers, &err) <
                0)
                OK(0, err.text);
            histogram_list_release(&histograms);
            sample_list_release(&numbers);
        }
}

/* The sum of the values of a range, whose samples each must find its own series. */
static double sum(size_t first, size_t end, size_t *count)
{
    struct sample_list list;
    double total = 0;
    sample_list_init(&list, 16 * BYTES_MAX);
    if (packed_numbers(batch, first, end, &list, &err) < 0)
        OK(0, err.text);
    const struct sample *const samples = (const void *)list.samples.data;
    const struct series_list series = {list.definitions.data, list.series};
    *count = list.samples.len / sizeof *samples;
    for (size_t i = 0; i < *count; i++) {
        char name[20], set[20];
        const char *const definition = remote_write_definition(&series, samples[i].series);
        const unsigned value = (unsigned)samples[i].value;
        snprintf(name, sizeof name, "s%u", value % 1000);
        snprintf(set, sizeof set, "%u", value / 1000);
        if (samples[i].time_ms == 1000 &&
            (strcmp(definition, name) != 0 ||
             strcmp(definition + strlen(name) + 3 + sizeof "set", set) != 0))
            OK(0, "a sample of another series");
        total += samples[i].value;
    }
    sample_list_release(&list);
    return total;
}

int main(void)
{
    const size_t zeros = SETS * ZEROS, numbers = zeros + SETS * SERIES;
    size_t count;
    fill();
    IS(batch->points, numbers + SETS, "zeros, numbers and histograms; no histogram is new");
    OK(packed_part_of(batch, 0) == PACKED_ZEROS &&
           packed_part_of(batch, zeros - 1) == PACKED_ZEROS &&
           packed_part_of(batch, zeros) == PACKED_NUMBERS &&
           packed_part_of(batch, numbers) == PACKED_HISTOGRAMS,
       "in this order");
    IS(packed_request_end(batch, 0, batch->points), zeros, "zeros go alone");
    IS(packed_request_end(batch, zeros, batch->points),
       zeros + PACKED_REQUEST_MAX / SERIES * SERIES,
       "numbers of whole sets, as many as a request may have");
    IS(packed_request_end(batch, numbers, batch->points), batch->points, "histograms go alone");
    IS(packed_request_end(batch, zeros + 1, zeros + 7), zeros + 7, "a range that is smaller stays");
    IS(sum(0, zeros, &count), 0, "zeros are zeros");
    IS(count, zeros, "all of them");
    IS(sum(zeros, numbers, &count),
       1000 * SERIES * SETS * (SETS - 1) / 2 + SETS * SERIES * (SERIES - 1) / 2,
       "numbers come out as they were");
    IS(sum(zeros + SERIES + 3, zeros + SERIES + 4, &count), 1003, "a single one too");
    IS(sum(zeros + 2 * SERIES - 1, zeros + 2 * SERIES + 1, &count), 1029 + 2000,
       "and over two sets");
    IS(packed_count_numbers(batch, zeros + 1, zeros + 4), 3, "they are counted");
    sum(numbers, numbers + 2, &count);
    IS(count, 2 * SERIES, "in place of histograms come their classic ones");
    IS(packed_count_numbers(batch, numbers, numbers + 2), 2 * SERIES, "and are counted");

    struct histogram_list list;
    histogram_list_init(&list, BYTES_MAX);
    OK(packed_histograms(batch, numbers + 5, numbers + 8, &list, &err) == 0, "histograms come out");
    const struct histogram_sample *const samples = (const void *)list.samples.data;
    const uint64_t *const buckets = (const void *)list.buckets.data;
    OK(list.series == 3 && samples[2].series == 2 && samples[2].count == 8 &&
           buckets[samples[2].buckets] == 7,
       "each with its own buckets and series");
    histogram_list_release(&list);
    batch_free(batch);
    return tap_done();
}
