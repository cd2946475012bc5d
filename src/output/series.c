/* Why: what curl and people call things is not what Prometheus takes for a name, and two
 * names that differ may become one. */
#include "output/series.h"

#include "model/field.h"

#include <string.h>

/* The character that Prometheus takes for this one. */
static char as_name(char c, bool metric)
{
    const bool valid = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       (metric && c == ':');
    return valid ? c : '_';
}

static void append_name(struct buf *out, const char *name, bool metric)
{
    const bool begins = out->len == 0 || out->data[out->len - 1] == '\0';
    if (begins && *name >= '0' && *name <= '9')
        buf_append(out, "_", 1);
    for (; *name; name++) {
        const char c = as_name(*name, metric);
        buf_append(out, &c, 1);
    }
}

bool series_is_same_label(const char *a, const char *b)
{
    for (; *a && *b && as_name(*a, false) == as_name(*b, false); a++)
        b++;
    return *a == '\0' && *b == '\0';
}

struct label {
    size_t name, value; /* offsets of the strings */
};

void series_append_labels(struct buf *out, const struct transfer *transfer)
{
    struct buf names;
    struct label labels[TRANSFER_TAGS_MAX];
    size_t count = 0;
    buf_init(&names, TRANSFER_TAGS_MAX * 256);
    for (size_t i = 0; i < transfer->tag_count; i++) {
        const size_t name = names.len;
        append_name(&names, transfer->tags[i].key, false);
        buf_append(&names, "", 1);
        if (names.failed)
            break;
        size_t at = count;
        while (at > 0 && strcmp(names.data + labels[at - 1].name, names.data + name) > 0)
            at--;
        if (at > 0 && strcmp(names.data + labels[at - 1].name, names.data + name) == 0)
            continue; /* url.host and url_host would be one */
        memmove(&labels[at + 1], &labels[at], (count - at) * sizeof *labels);
        labels[at] = (struct label){name, i};
        count++;
    }
    for (size_t i = 0; i < count; i++) {
        const char *const value = transfer->tags[labels[i].value].value;
        buf_append(out, names.data + labels[i].name, strlen(names.data + labels[i].name) + 1);
        buf_append(out, value, strlen(value) + 1);
    }
    buf_append(out, "", 1);
    out->failed |= names.failed;
    buf_release(&names);
}

void series_append_metric(struct buf *out, const char *prefix, const char *name)
{
    append_name(out, prefix, true);
    append_name(out, name, true);
}

void series_append_name(struct buf *out, const char *prefix, const struct point *point)
{
    series_append_metric(out, prefix, point->series);
    if (strcmp(point->field, "value") == 0)
        return;
    buf_append(out, "_", 1);
    append_name(out, point->field, true);
}

void series_append_definition(struct buf *out, const struct buf *name, const struct point *point,
                              const struct buf *labels)
{
    const bool wide = strcmp(point->field, "value") != 0;
    const enum field_id field = field_find(wide ? point->field : point->series, 0);
    const char *const unit = field == FIELD_NONE ? "" : field_table[field].unit;
    const char *const help = field == FIELD_NONE ? "" : field_table[field].help;
    buf_append(out, name->data, name->len);
    buf_append(out, "", 1);
    buf_append(out, unit, strlen(unit) + 1);
    buf_append(out, help, strlen(help) + 1);
    buf_append(out, labels->data, labels->len);
}
