#!/bin/sh
# See corpus.py.
BIN=${BIN:-$(dirname -- "$0")/../../build/tsdb-exporter} exec python3 "$(dirname -- "$0")/corpus.py"
