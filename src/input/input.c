/* Why: much can be wrong with the bytes of a pipe. Here it is counted, and the user
 * is told what it is, where it stands, and what to do about it. */
#include "input/input.h"

#include "base/clock.h"
#include "base/fault.h"
#include "base/io.h"
#include "input/decode.h"
#include "input/json_stream.h"
#include "input/parse.h"
#include "model/asked_keys.h"
#include "model/curl_faults.h"
#include "model/curl_version.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* More refusals than this are counted, but not listed. */
enum { LISTED_MAX = 5 };

struct input {
    int fd, tee_fd;
    const struct input_options *options;
    const struct notice *notice;
    struct json_stream stream;
    struct decoder *decoder;
    struct parser *parser;
    struct input_tally tally;
    bool mixed_said, rubbish_said, time_said, ended;
    bool stopped;         /* no more will be read */
    bool interrupted;     /* because somebody else wanted so */
    uint32_t faults_told; /* curl_faults.h */
    struct asked_keys asked;
};

static void advise(struct input *in, bool mixed, bool rubbish)
{
    if (mixed && !in->mixed_said && in->tally.refused > 1) {
        in->mixed_said = true;
        notice(in->notice, NOTICE_WARN,
               "several curls seem to write to this pipe at once: pipe each curl into its own "
               "tsdb-exporter, or use one curl -Z");
    }
    if (rubbish && !in->rubbish_said) {
        in->rubbish_said = true;
        notice(
            in->notice, NOTICE_WARN,
            "this may be the body of a response: keep it out of the pipe with curl -o /dev/null");
    }
}

static void tell_refusal(struct input *in, struct json_stream_place at, const char *reason,
                         const char *key)
{
    tally_refuse(&in->tally, reason);
    if (in->tally.refused <= LISTED_MAX)
        notice(in->notice, NOTICE_WARN, "input line %" PRIu64 ", byte %" PRIu64 ": %s%s%s; skipped",
               at.line, at.byte, reason, *key ? ": " : "", key);
    else if (in->tally.refused == LISTED_MAX + 1)
        notice(in->notice, NOTICE_WARN, "further invalid input is counted but not listed");
}

/* Here and not in the report: only who reads the object knows its curl in every run. */
static void tell_faults(struct input *in, const struct transfer *transfer)
{
    const char *fault;
    if (in->notice->level < NOTICE_DETAIL)
        return;
    while ((fault = curl_faults_untold(transfer, &in->faults_told))) {
        const int release = curl_version_release(transfer->text[F_CURL_VERSION]);
        notice(in->notice, NOTICE_DETAIL, "curl %d.%d %s", release / CURL_RELEASE(1, 0),
               release % CURL_RELEASE(1, 0), fault);
    }
}

static void tell_unknown_time(struct input *in)
{
    if (in->time_said || !parser_saw_unknown_time(in->parser))
        return;
    in->time_said = true;
    notice(in->notice, NOTICE_WARN,
           "this curl knows no %%time{} (8.16 does): transfers get the time of their arrival; "
           "run 'stdbuf -oL curl ...', or a pipe holds back several and gives them one time");
}

static void copy_on(struct input *in, const char *bytes, size_t count)
{
    if (in->tee_fd < 0 || io_write(in->tee_fd, bytes, count) == 0)
        return;
    notice(in->notice, NOTICE_RESULT, "--tee: cannot write to standard output: %s",
           strerror(errno));
    in->tee_fd = -1;
    in->tally.copy_failed = true;
}

/* What comes from here on is not read. */
static void tell_unread(struct input *in, const char *why)
{
    in->tally.unread = true;
    notice(in->notice, NOTICE_RESULT,
           "cannot read standard input: %s; transfers after this are lost", why);
}

/* Passes on what has been read but not yet decoded. True if there is more to look at. */
static bool decode_more(struct input *in)
{
    const char *reason = NULL;
    size_t room, count = 0;
    if (!decoder_is_idle(in->decoder)) {
        char *const space =
            fault("input-decode") == 0 ? json_stream_space(&in->stream, &room) : NULL;
        if (space) {
            count = decoder_read(in->decoder, space, room, &reason);
            json_stream_fill(&in->stream, count);
        } else {
            tell_unread(in, strerror(ENOMEM));
            in->stopped = true;
        }
    }
    if (reason) {
        in->tally.read++;
        tell_refusal(in, in->stream.at, reason, "");
        in->stopped = true;
    }
    if (count == 0 && in->stopped)
        json_stream_end(&in->stream);
    return count > 0 || in->stopped;
}

static void stop(struct input *in)
{
    in->stopped = true;
    decoder_end(in->decoder);
}

/* The end of the input may be asked for again; what it brings is told once. An input that
 * was interrupted, or could not be read, is not called empty: nobody knows whether it was. */
static void end(struct input *in)
{
    if (in->ended)
        return;
    in->ended = true;
    in->tally.empty =
        in->tally.read == 0 && !in->interrupted && !in->tally.unread && !in->options->allow_empty;
    if (in->tally.empty)
        notice(in->notice, NOTICE_RESULT,
               "no transfer was read: the input was empty; if that is right, add --allow-empty");
    asked_keys_tell(&in->asked, in->notice);
}

struct input *input_new(int fd, int tee_fd, const struct input_options *options,
                        const struct notice *notice)
{
    struct input *const in = calloc(1, sizeof *in);
    if (!in)
        return NULL;
    in->fd = fd;
    in->tee_fd = tee_fd;
    in->options = options;
    in->notice = notice;
    json_stream_init(&in->stream, options->object_max);
    in->parser = parser_new(&options->tags, options->object_max);
    in->decoder = decoder_new();
    if (in->parser && in->decoder && asked_keys_add_tags(&in->asked, &options->tags) == 0 &&
        asked_keys_add_fields(&in->asked, options->fields, !options->text) == 0)
        return in;
    input_free(in);
    return NULL;
}

void input_free(struct input *input)
{
    if (!input)
        return;
    json_stream_release(&input->stream);
    decoder_free(input->decoder);
    parser_free(input->parser);
    asked_keys_release(&input->asked);
    free(input);
}

void input_stop(struct input *input)
{
    input->interrupted = !input->stopped;
    stop(input);
}

void input_read(struct input *input)
{
    const bool direct = decoder_is_idle(input->decoder);
    size_t room;
    char *const space =
        direct ? json_stream_space(&input->stream, &room) : decoder_space(input->decoder, &room);
    ssize_t count = -1;
    errno = ENOMEM;
    if (space && fault("input-read") == 0)
        count = read(input->fd, space, room);
    if (count > 0) {
        copy_on(input, space, (size_t)count);
        if (direct)
            json_stream_fill(&input->stream, (size_t)count);
        else
            decoder_fill(input->decoder, (size_t)count);
        return;
    }
    if (count < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (count < 0)
        tell_unread(input, strerror(errno));
    stop(input);
}

enum input_result input_next(struct input *input, struct transfer *transfer)
{
    struct json_stream_item item;
    struct refusal refusal;
    for (;;) {
        switch (json_stream_next(&input->stream, &item)) {
        case JSON_STREAM_MORE:
            if (!decode_more(input))
                return INPUT_WAIT;
            break;
        case JSON_STREAM_DONE:
            end(input);
            return INPUT_END;
        case JSON_STREAM_REFUSED:
            input->tally.read++;
            tell_refusal(input, item.at, item.reason, "");
            advise(input, item.mixed, item.rubbish);
            break;
        case JSON_STREAM_OBJECT:
            input->tally.read++;
            if (parser_read(input->parser, item.text, item.len, item.gaps, clock_arrival_ns(),
                            transfer, &refusal) == 0) {
                tell_faults(input, transfer);
                tell_unknown_time(input);
                asked_keys_cross_out(&input->asked, transfer);
                return INPUT_TRANSFER;
            }
            tell_refusal(input, item.at, refusal.reason, refusal.key);
            advise(input, refusal.mixed, false);
            break;
        }
    }
}

const struct input_tally *input_tally(const struct input *input)
{
    return &input->tally;
}
