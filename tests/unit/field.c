/* field: the table is in order, and everything in it is found. */
#include "model/field.h"

#include "tap.h"

int main(void)
{
    struct error err;
    int sorted = 1, found = 1, absent = 1, whole = 1;
    for (int i = 0; i < FIELD_COUNT; i++) {
        const struct field *const f = &field_table[i];
        sorted &= i == 0 || strcmp(field_table[i - 1].name, f->name) < 0;
        whole &= f->name_len == strlen(f->name) && *f->help && f->unit;
        for (int hint = 0; hint <= FIELD_COUNT; hint++)
            found &= field_find(f->name, hint) == (enum field_id)i;
    }
    for (int hint = 0; hint <= FIELD_COUNT; hint++)
        absent &=
            field_find("", hint) == FIELD_NONE && field_find("time_tota", hint) == FIELD_NONE &&
            field_find("time_total_", hint) == FIELD_NONE && field_find("~", hint) == FIELD_NONE;
    OK(sorted, "the table is sorted by strcmp, without duplicates");
    OK(whole, "every row has its length, its help and its unit");
    OK(found, "every field is found with every hint");
    OK(absent, "what is no field is found with no hint");
    OK(field_table[F_TIME_TOTAL].kind == FIELD_NUMBER &&
           strcmp(field_table[F_TIME_TOTAL].name, "time_total") == 0,
       "the identifiers are the table's rows");
    OK(field_named("time_total", &err) == F_TIME_TOTAL, "a person's name is found");
    OK(field_named("time_totl", &err) == FIELD_NONE, "a slip is not");
    IS_TEXT(err.text, "curl has no key 'time_totl'; did you mean 'time_total'?",
            "but the nearest is named");
    OK(field_named("xyzzy12345", &err) == FIELD_NONE, "nor is nonsense");
    IS_TEXT(err.text, "curl has no key 'xyzzy12345'", "and nothing is near it");
    enum field_id field = F_URL;
    OK(field_or_own_named("step", &field, &err) == 0 && field == FIELD_NONE,
       "a person may name a key that no row knows");
    OK(field_or_own_named("time_total", &field, &err) == 0 && field == F_TIME_TOTAL, "or a row");
    OK(field_or_own_named("time_totl", &field, &err) < 0, "but not miss a row by a slip");
    IS_TEXT(err.text, "curl has no key 'time_totl'; did you mean 'time_total'?", "which is said");
    OK(field_or_own_named("a b", &field, &err) < 0 && field_or_own_named("", &field, &err) < 0 &&
           field_or_own_named("time", &field, &err) < 0,
       "nor name what no database can store");
    static const char *const secrets[] = {"certs",        "referer",       "url.user",
                                          "url.password", "url.query",     "url.fragment",
                                          "url.options",  "urle.user",     "urle.password",
                                          "urle.query",   "urle.fragment", "urle.options"};
    int secret = 1;
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        secret &= field_table[field_named(secrets[i], &err)].kind == FIELD_SECRET;
    OK(secret, "all that can hold a secret is a secret");
    OK(field_is_number(F_TIME_TOTAL) && field_is_number(F_HTTP_VERSION) &&
           field_is_number(F_PHASE_DNS),
       "numbers, versions and what is derived are numbers");
    OK(!field_is_number(F_METHOD) && !field_is_number(F_URL) && !field_is_number(F_ERRORMSG) &&
           !field_is_number(F_CERTS),
       "texts and secrets are none");
    return tap_done();
}
