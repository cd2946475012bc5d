/* A wire of known length between two network namespaces, for tests.
 *
 * Makes two anonymous network namespaces with a TUN device each (MTU 1500, "wire",
 * 10.99.0.1/24 and 10.99.0.2/24, loopback up) and carries IP packets between them,
 * later by a set delay, with jitter, loss and a bandwidth. The namespaces live as
 * long as this process or anything that runs in them: nothing is left behind, even
 * after SIGKILL. Prints one line when it is up:
 *     ready PID FD_A FD_B
 * Run a command in one of them: nsenter --net=/proc/PID/fd/FD_A CMD...
 * Needs /dev/net/tun, and root, if only in a user namespace (unshare --map-root-user).
 *
 *     link [-d MS] [-j MS] [-l PERCENT] [-r MBIT] [-q PACKETS] [-s SEED]
 *
 *   -d  delay one way; the round trip is twice that
 *   -j  jitter: plus 0 to MS, even; order is kept
 *   -l  loss, each way
 *   -r  bandwidth each way, 0 = none
 *   -q  packets under way each way (default 20000)
 *   -s  seed of jitter and loss
 *
 * On standard input, a line each, at any time: "delay MS", "jitter MS", "loss PERCENT",
 * "rate MBIT", "stats" (prints packets, bytes and losses of each way). End of input
 * ends it, so that it dies with its parent. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum {
    MTU = 1500,
    ROOM = MTU + 100,
    PATH_NS = 60000, /* what system calls and wake-ups cost a packet, measured with ping at -d 0 */
    LEAD_NS = 100000 /* wakes up so much early, and spins: a timer alone is late by that */
};

struct packet {
    int64_t due; /* ns, CLOCK_MONOTONIC */
    uint64_t order;
    int to, length;
    unsigned char bytes[ROOM];
};

struct side {
    int tun, netns;
    int64_t last_due, wire_free; /* of packets that set out here */
    uint64_t packets, bytes, lost;
    int under_way;
};

static struct side sides[2];
static struct packet **heap;
static size_t heap_used, heap_room;
static double delay_ms, jitter_ms, loss_percent, rate_mbit;
static int queue_limit = 20000;

static void die(const char *what)
{
    fprintf(stderr, "link: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t now_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* The heap: the packet that is due first is on top; of equals the one that came first. */
static int is_before(const struct packet *a, const struct packet *b)
{
    return a->due != b->due ? a->due < b->due : a->order < b->order;
}

static void heap_swap(size_t i, size_t j)
{
    struct packet *const p = heap[i];
    heap[i] = heap[j];
    heap[j] = p;
}

static void heap_push(struct packet *p)
{
    if (heap_used == heap_room) {
        heap_room = heap_room ? heap_room * 2 : 256;
        if (!(heap = realloc(heap, heap_room * sizeof *heap)))
            die("memory");
    }
    size_t i = heap_used++;
    for (heap[i] = p; i && is_before(heap[i], heap[(i - 1) / 2]); i = (i - 1) / 2)
        heap_swap(i, (i - 1) / 2);
}

static struct packet *heap_pop(void)
{
    struct packet *const top = heap[0];
    heap[0] = heap[--heap_used];
    for (size_t i = 0;;) {
        size_t least = i;
        for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < heap_used; child++)
            if (is_before(heap[child], heap[least]))
                least = child;
        if (least == i)
            return top;
        heap_swap(i, least);
        i = least;
    }
}

static void set_interface(int fd, const char *name, const char *address)
{
    struct ifreq r = {0};
    struct sockaddr_in in = {.sin_family = AF_INET};
    strncpy(r.ifr_name, name, IFNAMSIZ - 1);
    if (address) {
        inet_pton(AF_INET, address, &in.sin_addr);
        memcpy(&r.ifr_addr, &in, sizeof in);
        if (ioctl(fd, SIOCSIFADDR, &r) < 0)
            die("address");
        inet_pton(AF_INET, "255.255.255.0", &in.sin_addr);
        memcpy(&r.ifr_netmask, &in, sizeof in);
        if (ioctl(fd, SIOCSIFNETMASK, &r) < 0)
            die("netmask");
        r.ifr_mtu = MTU;
        if (ioctl(fd, SIOCSIFMTU, &r) < 0)
            die("MTU");
        r.ifr_qlen = 5000;
        ioctl(fd, SIOCSIFTXQLEN, &r);
    }
    if (ioctl(fd, SIOCGIFFLAGS, &r) < 0)
        die("flags");
    r.ifr_flags = (short)(r.ifr_flags | IFF_UP | IFF_RUNNING);
    if (ioctl(fd, SIOCSIFFLAGS, &r) < 0)
        die("up");
}

/* A new namespace for this process, with its end of the wire. */
static void make_side(struct side *side, const char *address)
{
    struct ifreq r = {.ifr_flags = IFF_TUN | IFF_NO_PI, .ifr_name = "wire"};
    if (unshare(CLONE_NEWNET) < 0)
        die("unshare");
    if ((side->netns = open("/proc/self/ns/net", O_RDONLY)) < 0)
        die("namespace");
    if ((side->tun = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC)) < 0)
        die("/dev/net/tun");
    if (ioctl(side->tun, TUNSETIFF, &r) < 0)
        die("TUNSETIFF");
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);
    set_interface(fd, "lo", NULL);
    set_interface(fd, "wire", address);
    close(fd);
}

static void send_off(int from, struct packet *p, int64_t now)
{
    struct side *const s = &sides[from];
    s->packets++;
    s->bytes += (uint64_t)p->length;
    if (s->under_way >= queue_limit || drand48() * 100 < loss_percent) {
        s->lost++;
        free(p);
        return;
    }
    if (rate_mbit > 0) {
        if (s->wire_free < now)
            s->wire_free = now;
        s->wire_free += (int64_t)(p->length * 8e3 / rate_mbit);
        now = s->wire_free;
    }
    p->due = now + (int64_t)((delay_ms + jitter_ms * drand48()) * 1e6) - PATH_NS;
    if (p->due < s->last_due)
        p->due = s->last_due;
    s->last_due = p->due;
    p->to = !from;
    static uint64_t order;
    p->order = order++;
    s->under_way++;
    heap_push(p);
}

/* At most so many in one go that what is due is not kept waiting. */
static void take_in(int from)
{
    for (int i = 0; i < 64; i++) {
        struct packet *const p = malloc(sizeof *p);
        if (!p)
            die("memory");
        p->length = (int)read(sides[from].tun, p->bytes, ROOM);
        if (p->length <= 0) {
            free(p);
            return;
        }
        send_off(from, p, now_ns(CLOCK_MONOTONIC));
    }
}

static void deliver(void)
{
    while (heap_used && heap[0]->due - LEAD_NS <= now_ns(CLOCK_MONOTONIC)) {
        while (heap[0]->due > now_ns(CLOCK_MONOTONIC))
            ;
        struct packet *const p = heap_pop();
        if (write(sides[p->to].tun, p->bytes, (size_t)p->length) < 0)
            sides[!p->to].lost++;
        sides[!p->to].under_way--;
        free(p);
    }
}

static void set_timer(int timer)
{
    struct itimerspec t = {0};
    if (heap_used) {
        t.it_value.tv_sec = (heap[0]->due - LEAD_NS) / 1000000000;
        t.it_value.tv_nsec = (heap[0]->due - LEAD_NS) % 1000000000;
    }
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &t, NULL);
}

static void obey(char *line)
{
    double value;
    if (sscanf(line, "delay %lf", &value) == 1)
        delay_ms = value;
    else if (sscanf(line, "jitter %lf", &value) == 1)
        jitter_ms = value;
    else if (sscanf(line, "loss %lf", &value) == 1)
        loss_percent = value;
    else if (sscanf(line, "rate %lf", &value) == 1)
        rate_mbit = value;
    else if (strncmp(line, "stats", 5) == 0) {
        for (int i = 0; i < 2; i++)
            printf("%llu %llu %llu ", (unsigned long long)sides[i].packets,
                   (unsigned long long)sides[i].bytes, (unsigned long long)sides[i].lost);
        puts("");
    }
}

static void read_orders(void)
{
    static char text[4096];
    static size_t used;
    const ssize_t n = read(0, text + used, sizeof text - 1 - used);
    if (n <= 0)
        exit(0);
    used += (size_t)n;
    text[used] = '\0';
    for (char *end; (end = strchr(text, '\n'));) {
        *end = '\0';
        obey(text);
        used -= (size_t)(end + 1 - text);
        memmove(text, end + 1, used + 1);
    }
    if (used == sizeof text - 1)
        used = 0;
}

/* This machine's load must not become the wire's. What is allocated later is not
 * locked: where that has a limit, allocation would fail. */
static void be_prompt(void)
{
    const struct sched_param first = {.sched_priority = 50};
    prctl(PR_SET_TIMERSLACK, 1);
    mlockall(MCL_CURRENT);
    if (sched_setscheduler(0, SCHED_FIFO, &first) < 0 && setpriority(PRIO_PROCESS, 0, -20) < 0)
        fprintf(stderr, "link: runs at ordinary priority\n");
}

int main(int argc, char **argv)
{
    long seed = 1;
    for (int o; (o = getopt(argc, argv, "d:j:l:r:q:s:")) != -1;)
        switch (o) {
        case 'd':
            delay_ms = atof(optarg);
            break;
        case 'j':
            jitter_ms = atof(optarg);
            break;
        case 'l':
            loss_percent = atof(optarg);
            break;
        case 'r':
            rate_mbit = atof(optarg);
            break;
        case 'q':
            queue_limit = atoi(optarg);
            break;
        case 's':
            seed = atol(optarg);
            break;
        default:
            return 64;
        }
    srand48(seed);
    setvbuf(stdout, NULL, _IOLBF, 0);
    make_side(&sides[0], "10.99.0.1");
    make_side(&sides[1], "10.99.0.2");
    const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (timer < 0)
        die("timerfd");
    be_prompt();
    printf("ready %d %d %d\n", (int)getpid(), sides[0].netns, sides[1].netns);
    struct pollfd on[] = {{.fd = sides[0].tun, .events = POLLIN},
                          {.fd = sides[1].tun, .events = POLLIN},
                          {.fd = timer, .events = POLLIN},
                          {.fd = 0, .events = POLLIN}};
    for (;;) {
        if (poll(on, 4, -1) < 0) {
            if (errno == EINTR)
                continue;
            die("poll");
        }
        for (int i = 0; i < 2; i++)
            if (on[i].revents & POLLIN)
                take_in(i);
        deliver();
        set_timer(timer);
        if (on[3].revents)
            read_orders();
    }
}
