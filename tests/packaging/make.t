#!/bin/sh
# What `make` does for those who change the program: it runs one test, and tells editors
# how each file is compiled.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"

cd "$WORK" || exit 1
cat >one.t <<'END'
#!/bin/sh
echo 'ok 1 - the only one'
echo '1..1'
END
chmod +x one.t

# checks WANT NAME VARIABLE...: what `make check` with these runs, sorted. T and U are
# always given, since the make that runs this test hands its own down.
checks() {
    want=$1
    name=$2
    shift 2
    make -C "$ROOT" check "$@" >log 2>&1
    is "$?|$(sed -n 's/.*\] \([^ ]*\) \.*\.\. .*/\1/p' log | sed 's,^.*/\([^/]*/[^/]*\)$,\1,' | sort | tr '\n' ' ')" "$want" "$name"
}
mkdir t
mv one.t t
checks '0|t/one.t ' 'T=SCRIPT runs this script alone' T="$WORK/t/one.t" U=
checks '0|unit/list ' 'U=UNIT runs this unit alone' T= U=list
checks '0|t/one.t unit/list unit/tally ' 'several go together' T="$WORK/t/one.t" U='list tally'
checks '2|' 'a unit that is not there is an error' T= U=no_such_unit

# in a tree of its own, so that nobody's file is overwritten
mkdir tree
for name in Makefile src include tests packaging; do
    ln -s "$ROOT/$name" tree
done
make -C tree compile_commands.json >log 2>&1
is "$?" 0 'make compile_commands.json'
cat >look.py <<'END'
import glob, json, subprocess
rows = {row["file"]: row for row in json.load(open("tree/compile_commands.json"))}
files = [file for pattern in ("src/*.c", "src/*/*.c", "tests/*/*.c") for file in glob.glob("tree/" + pattern)]
missing = [file for file in files if file[len("tree/"):] not in rows]
print("missing:", missing)
for file in ("src/main.c", "src/output/remote_write.c", "tests/unit/list.c"):
    row = rows[file]
    print(file, subprocess.call(row["command"] + " -fsyntax-only", shell=True, cwd=row["directory"]))
END
is "$(python3 look.py 2>&1)" "missing: []
src/main.c 0
src/output/remote_write.c 0
tests/unit/list.c 0" 'it has each file, with a command that compiles it'
tap_done
