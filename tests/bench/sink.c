/* Why: the bench measures the sender, so the receiver should cost nothing and
 * refuse nothing. It answers every request with 204 over kept-alive connections
 * and counts what came, so that the bench can see that all of it did.
 *
 *     sink      prints its port; stops when its standard input ends, so
 *               that it cannot outlive whoever started it
 *
 * A GET is answered with the counts since the last one, as JSON. */
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 256, HEAD_MAX = 16384, LISTENER = 0, PARENT = 1, FIRST = 2 };

struct connection {
    char head[HEAD_MAX + 1];
    size_t head_len;
    size_t body_left; /* bytes of the body still to come */
    bool in_body;
};

static struct {
    unsigned long connections, requests, lines, bytes;
} tally;
static struct connection *connections[FIRST + CONNECTIONS_MAX];
static struct pollfd fds[FIRST + CONNECTIONS_MAX];
static nfds_t count = FIRST;

static int listen_on_loopback(unsigned *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) < 0 || listen(fd, 128) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) < 0)
        return -1;
    *port = ntohs(address.sin_port);
    return fd;
}

static void send_text(int fd, const char *text)
{
    size_t left = strlen(text);
    while (left) {
        const ssize_t sent = send(fd, text, left, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        text += sent;
        left -= (size_t)sent;
    }
}

/* The value of a header, or "". Heads end with an empty line. */
static const char *header(const char *head, const char *name)
{
    const size_t len = strlen(name);
    for (const char *p = strstr(head, "\r\n"); p; p = strstr(p + 2, "\r\n"))
        if (strncasecmp(p + 2, name, len) == 0 && p[2 + len] == ':') {
            p += 3 + len;
            return p + strspn(p, " ");
        }
    return "";
}

/* A receiver of remote write 2.0 says how many samples it has stored. */
static void answer(int fd)
{
    tally.requests++;
    send_text(fd, "HTTP/1.1 204 No Content\r\n"
                  "X-Prometheus-Remote-Write-Samples-Written: 4294967295\r\n\r\n");
}

static void answer_counts(int fd)
{
    char body[160], text[320];
    snprintf(body, sizeof body,
             "{\"connections\":%lu,\"requests\":%lu,\"lines\":%lu,\"bytes\":%lu}",
             tally.connections, tally.requests, tally.lines, tally.bytes);
    snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(body),
             body);
    memset(&tally, 0, sizeof tally);
    send_text(fd, text);
}

/* Takes a whole head. False: a request that it does not understand. */
static bool begin_request(struct connection *c, int fd)
{
    if (strncmp(c->head, "GET ", 4) == 0) {
        answer_counts(fd);
        return true;
    }
    const char *const length = header(c->head, "Content-Length");
    if (!isdigit((unsigned char)*length))
        return false;
    c->body_left = strtoul(length, NULL, 10);
    c->in_body = true;
    if (strncasecmp(header(c->head, "Expect"), "100-continue", 12) == 0)
        send_text(fd, "HTTP/1.1 100 Continue\r\n\r\n");
    return true;
}

static size_t take_body(struct connection *c, int fd, const char *bytes, size_t len)
{
    if (len > c->body_left)
        len = c->body_left;
    for (const char *p = bytes, *const end = bytes + len; (p = memchr(p, '\n', (size_t)(end - p)));
         p++)
        tally.lines++;
    tally.bytes += len;
    c->body_left -= len;
    if (c->body_left == 0) {
        c->in_body = false;
        answer(fd);
    }
    return len;
}

/* Takes bytes of a head; `*taken` is how many. False: not understood. */
static bool take_head(struct connection *c, int fd, const char *bytes, size_t len, size_t *taken)
{
    const size_t before = c->head_len;
    if (len > HEAD_MAX - before)
        len = HEAD_MAX - before;
    memcpy(c->head + before, bytes, len);
    c->head_len += len;
    c->head[c->head_len] = '\0';
    const char *const end = strstr(c->head, "\r\n\r\n");
    *taken = len;
    if (!end)
        return c->head_len < HEAD_MAX;
    *taken = (size_t)(end + 4 - c->head) - before;
    c->head_len = 0;
    return begin_request(c, fd);
}

/* False: the connection is over. */
static bool serve(struct connection *c, int fd)
{
    static char bytes[1 << 18];
    const ssize_t got = recv(fd, bytes, sizeof bytes, 0);
    if (got <= 0)
        return got < 0 && errno == EINTR;
    for (size_t at = 0, taken; at < (size_t)got; at += taken)
        if (c->in_body && c->body_left)
            taken = take_body(c, fd, bytes + at, (size_t)got - at);
        else if (!take_head(c, fd, bytes + at, (size_t)got - at, &taken))
            return false;
        else if (c->in_body && c->body_left == 0)
            take_body(c, fd, bytes, 0);
    return true;
}

static void accept_one(void)
{
    const int fd = accept(fds[LISTENER].fd, NULL, NULL);
    struct connection *const c = fd < 0 ? NULL : calloc(1, sizeof *c);
    if (!c) {
        if (fd >= 0)
            close(fd);
        return;
    }
    tally.connections++;
    connections[count] = c;
    fds[count++] = (struct pollfd){.fd = fd, .events = POLLIN};
}

static void drop(nfds_t i)
{
    close(fds[i].fd);
    free(connections[i]);
    count--;
    fds[i] = fds[count];
    connections[i] = connections[count];
}

int main(void)
{
    unsigned port;
    fds[LISTENER] = (struct pollfd){.fd = listen_on_loopback(&port), .events = POLLIN};
    fds[PARENT] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
    if (fds[LISTENER].fd < 0) {
        perror("sink: cannot listen");
        return 1;
    }
    printf("%u\n", port);
    fflush(stdout);
    while (fds[PARENT].revents == 0) {
        fds[LISTENER].events = count < FIRST + CONNECTIONS_MAX ? POLLIN : 0;
        if (poll(fds, count, -1) < 0)
            continue;
        for (nfds_t i = count; i-- > FIRST;)
            if (fds[i].revents && !serve(connections[i], fds[i].fd))
                drop(i);
        if (fds[LISTENER].revents)
            accept_one();
    }
    return 0;
}
