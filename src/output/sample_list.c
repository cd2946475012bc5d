/* Why: what is sent in one request is several arrays that end together. */
#include "output/sample_list.h"

void sample_list_init(struct sample_list *list, size_t bytes_max)
{
    list->series = 0;
    buf_init(&list->samples, bytes_max);
    buf_init(&list->definitions, bytes_max);
    buf_init(&list->kinds, bytes_max);
}

void sample_list_release(struct sample_list *list)
{
    buf_release(&list->samples);
    buf_release(&list->definitions);
    buf_release(&list->kinds);
}

void histogram_list_init(struct histogram_list *list, size_t bytes_max)
{
    list->series = 0;
    buf_init(&list->samples, bytes_max);
    buf_init(&list->buckets, bytes_max);
    buf_init(&list->definitions, bytes_max);
    buf_init(&list->kinds, bytes_max);
}

void histogram_list_release(struct histogram_list *list)
{
    buf_release(&list->samples);
    buf_release(&list->buckets);
    buf_release(&list->definitions);
    buf_release(&list->kinds);
}
