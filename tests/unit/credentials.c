/* credentials: what of a destination must not be shown is found. */
#include "net/credentials.h"

#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

static const char *joined(struct string_list *list)
{
    static char text[2000];
    text[0] = '\0';
    for (size_t i = 0; i < list->count; i++) {
        strcat(text, i ? " | " : "");
        strcat(text, list->items[i]);
    }
    string_list_release(list);
    return text;
}

static const struct {
    const char *url, *want;
} urls[] =
    {
        {"http://host:8086/write?db=x&precision=ns", ""},
        {"http://me:s%40cret@host/db", "s@cret | bWU6c0BjcmV0"},
        {"http://t0ken@host/db", "t0ken | dDBrZW46"},
        {"http://host/write?db=x&u=me&p=s3cret&q%20=a%26bc", "s3cret | a&bc"},
        {"http://host/?T0KEN", "T0KEN"},
        {"http://admin:hunter2/", "hunter2"},
        {"http://admin:hunt/er2@host/", "hunt/er2 | YWRtaW46aHVudC9lcjI="},
        {"user:hunter2@H:999999", "hunter2 | dXNlcjpodW50ZXIy"},
        {"http://[::1]:80/", ""},
        {"", ""},
},
  headers[] = {
      {"Content-Type: text/plain; charset=utf-8", ""},
      {"X-Scope-OrgID: tenant", ""},
      {"Authorization: Token t0ken", "t0ken"},
      {"Authorization: Basic bWU6c0BjcmV0", "bWU6c0BjcmV0 | s@cret"},
      {"Cookie: id=s3cret; other=t0ken", "id=s3cret | s3cret | other=t0ken | t0ken"},
      {"X-Vault: hunter2", "hunter2"},
      {"X-Empty;", ""},
};

static void finds_netrc(void)
{
    struct string_list list = {0};
    char home[] = "/tmp/credentials-XXXXXX", path[100];
    OK(mkdtemp(home) && setenv("HOME", home, 1) == 0, "there is a home");
    OK(credentials_add_netrc(&list) == 0 && list.count == 0, "no .netrc: no secret");
    snprintf(path, sizeof path, "%s/.netrc", home);
    FILE *const netrc = fopen(path, "w");
    fputs("machine a login me password s@cret\ndefault\n password \"two \\\"words\"\npassword",
          netrc);
    fclose(netrc);
    OK(credentials_add_netrc(&list) == 0, "a .netrc is read");
    IS_TEXT(joined(&list), "s@cret | bWU6c0BjcmV0 | two \"words | OnR3byAid29yZHM=",
            "all its passwords are found");
    unlink(path);
    rmdir(home);
}

int main(void)
{
    struct string_list list = {0};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        credentials_add_url(&list, urls[i].url);
        IS_TEXT(joined(&list), urls[i].want, urls[i].url);
    }
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        credentials_add_header(&list, headers[i].url);
        IS_TEXT(joined(&list), headers[i].want, headers[i].url);
    }
    credentials_add_login(&list, "me", "s@cret");
    IS_TEXT(joined(&list), "s@cret | bWU6c0BjcmV0", "user and password");
    credentials_add_login(&list, NULL, NULL);
    IS_TEXT(joined(&list), "", "neither");
    setenv("https_proxy", "http://u:hunter2@h:1", 1);
    setenv("ALL_PROXY", "socks5://v:hunter3@h", 1);
    unsetenv("http_proxy");
    credentials_add_proxies(&list);
    IS_TEXT(joined(&list), "hunter2 | dTpodW50ZXIy | hunter3 | djpodW50ZXIz", "proxies");
    finds_netrc();
    return tap_done();
}
