#!/bin/sh
# Random damages of the files of a spool: nothing is lost but what was damaged, nothing is
# stored wrong or with two times, and nothing in silence. See tests/lib/damage_spool.py.
#
#   DAMAGES=2000 sh tests/spool/damage.t    more of them; SEED=N: the same ones again
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
BIN_FAULTS=${BIN_FAULTS:-$ROOT/build/faults/tsdb-exporter}

TMPDIR=$WORK python3 "$ROOT/tests/lib/damage_spool.py" "$BIN_FAULTS" "${DAMAGES:-200}" ${SEED:+"$SEED"} \
    >"$WORK/said" 2>&1
status=$?
cut -c1-500 "$WORK/said" | sed 's/^/# /'
# a round that failed is rare, so its name says which and why, whoever keeps the output
is "$status" 0 "$(tail -n 1 "$WORK/said" | cut -c1-200)$(grep -m 1 '^round' "$WORK/said" | cut -c1-300)"
tap_done
