/* parse: the text of one JSON object -> one transfer.
 *
 * An object is a transfer if it has curl_version, or if it comes from a template of a
 * person's own: then it has time_total, and one of http_code, response_code, exitcode, url
 * and url_effective. It stands bare, or as the value of "curl" in a wrapper, beside keys of
 * the person's own ({"ts":...,"step":"login","curl":{...}}). "ts", "time" or "timestamp" is
 * the transfer's time (parse_time); without one it is that of arrival. */
#ifndef TSDB_EXPORTER_INPUT_PARSE_H
#define TSDB_EXPORTER_INPUT_PARSE_H

#include "input/refusal.h"
#include "input/unique_times.h"
#include "model/tags.h"

struct parser;

/* `plan` stays the caller's and must live longer than the parser. `object_max` is
 * the length of the longest object, and limits the memory that one may take. cJSON's
 * allocator is global, so only one parser may be in use at a time. NULL: out of
 * memory. */
struct parser *parser_new(const struct tag_plan *plan, size_t object_max);
void parser_free(struct parser *parser);

/* Reads `text`: one object from json_stream, which it may change; `gaps` is what
 * json_stream says of it. 0 and a transfer, or -1 and why it is none. */
int parser_read(struct parser *parser, char *text, size_t len, bool gaps, int64_t now_ns,
                struct transfer *transfer, struct refusal *refusal);

/* True when there was a time that curl before 8.16 has written as it stood in the template,
 * "%time{...}". Such a transfer gets the time of its arrival. */
bool parser_saw_unknown_time(const struct parser *parser);

/* cJSON's version. */
const char *parser_library_version(void);

#endif
