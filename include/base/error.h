/* error: the text of a failure, filled where it happens.
 *
 * A function that can fail takes a `struct error *` and returns -1. The text says what
 * failed and why ("cannot open 'x': No such file or directory"), without a newline and
 * without the program's name. It is not set by a function that succeeds. */
#ifndef TSDB_EXPORTER_BASE_ERROR_H
#define TSDB_EXPORTER_BASE_ERROR_H

struct error {
    char text[512]; /* always terminated; longer texts are cut */
};

/* Formats the text and returns -1, so that a caller can `return error_set(...)`. */
int error_set(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
