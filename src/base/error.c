/* Why: a failure is described where its cause is known, and printed once, where the
 * program talks to a person. This carries the text from the one place to the other. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

int error_set(struct error *err, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    /* cppcheck-suppress ctuuninitvar ; the text is what is written here */
    vsnprintf(err->text, sizeof err->text, format, ap);
    va_end(ap);
    return -1;
}
