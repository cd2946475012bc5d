/* Why: every refusal is counted by its reason, so the reasons are static texts, and what
 * differs from object to object stands beside them. */
#include "input/refusal.h"

#include <stdio.h>

int refuse(struct refusal *refusal, const char *reason, const char *key)
{
    refusal->reason = reason;
    refusal->mixed = false;
    snprintf(refusal->key, sizeof refusal->key, "%s", key);
    return -1;
}

int refuse_mixed(struct refusal *refusal, const char *reason, const char *key)
{
    refuse(refusal, reason, key);
    refusal->mixed = true;
    return -1;
}
