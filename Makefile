# TSDB Exporter. The two commands: make demo, make test. `make help` lists all.
VERSION = 0.1.0
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man
DOCDIR ?= $(PREFIX)/share/doc/tsdb-exporter
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR ?= $(PREFIX)/share/zsh/site-functions
FISHDIR ?= $(PREFIX)/share/fish/vendor_completions.d
CC ?= cc
CFLAGS ?= -O2 -g
PKG_CONFIG ?= pkg-config

# SAN=1 builds and tests everything with address and undefined sanitizers.
ifdef SAN
BUILD = build/san
SAN_FLAGS = -fsanitize=address,undefined,float-cast-overflow -fno-sanitize-recover=all -fno-omit-frame-pointer
else
BUILD = build
HARDENING_CPPFLAGS = $(if $(findstring _FORTIFY_SOURCE,$(CPPFLAGS) $(CFLAGS)),,-D_FORTIFY_SOURCE=2)
endif
HARDENING_CFLAGS = -fstack-protector-strong -fPIE
HARDENING_LDFLAGS = -pie -Wl,-z,relro,-z,now

# The x87 of an i386 computes with more digits than a double has: nothing would compare equal.
ifneq ($(filter i386-% i486-% i586-% i686-%,$(shell $(CC) -dumpmachine 2>/dev/null)),)
MACHINE_CFLAGS = -msse2 -mfpmath=sse
endif

WARNINGS = -Wall -Wextra -Wshadow -Wconversion -Wformat=2 -Wvla -Wmissing-prototypes
ALL_CPPFLAGS = -Iinclude -I$(BUILD)/output -D_POSIX_C_SOURCE=200809L -DTSDB_EXPORTER_VERSION='"$(VERSION)"' \
	$(HARDENING_CPPFLAGS) $(CPPFLAGS)
# need.sh tells what is missing, in one line, before anything is compiled.
PACKAGE_CFLAGS := $(shell $(PKG_CONFIG) --cflags libcjson libcurl zlib libprotobuf-c 2>/dev/null)
# -ffile-prefix-map: the same program wherever the tree is.
ALL_CFLAGS = -std=c11 $(WARNINGS) $(HARDENING_CFLAGS) $(MACHINE_CFLAGS) $(SAN_FLAGS) \
	'-ffile-prefix-map=$(CURDIR)=.' $(PACKAGE_CFLAGS) $(CFLAGS)
COMPILE = $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS)
ALL_LDFLAGS = $(HARDENING_LDFLAGS) $(SAN_FLAGS) -Wl,--as-needed $(LDFLAGS)
# libcurl, zlib, snappy and protobuf-c are loaded when they are first needed.
LIBS := $(shell $(PKG_CONFIG) --libs libcjson 2>/dev/null) -ldl -lm

# make V=1 shows the commands.
ifndef V
Q = @
SAY = @echo
else
SAY = @:
endif

PROGRAM = $(BUILD)/tsdb-exporter
PROTOS = $(patsubst src/%.proto,$(BUILD)/%.pb-c.o,$(sort $(wildcard src/*/*.proto)))
OBJECTS = $(patsubst src/%.c,$(BUILD)/%.o,$(sort $(wildcard src/*.c src/*/*.c))) $(PROTOS)
MODULES = $(filter-out $(BUILD)/main.o,$(OBJECTS))
UNITS = $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/*.c))
COMPLETIONS = $(BUILD)/completion/bash $(BUILD)/completion/zsh $(BUILD)/completion/fish
EXAMPLES = $(wildcard examples/*.sh)
SERVICE = examples/tsdb-exporter-drain.service
# what else the README links to
DOCUMENTS = $(wildcard examples/grafana/*.json) examples/prometheus-alerts.yml include/report/summary_export.h include/model/field.h
SOURCES = $(wildcard src/*.c src/*/*.c include/*/*.h tests/*/*.c tests/*/*.h packaging/*.c)
SCRIPTS = $(wildcard .ci/run .ci/port examples/*.sh examples/*/*.sh tests/*/*.sh tests/*/*.t)

all: $(PROGRAM) $(COMPLETIONS)

$(PROGRAM): $(OBJECTS)
	$(SAY) '  LD   $@'
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/%.o: src/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(SAY) '  CC   $<'
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

# What it has to say when all is well is that newer ones are called otherwise.
$(BUILD)/%.pb-c.c $(BUILD)/%.pb-c.h &: src/%.proto $(BUILD)/flags
	@mkdir -p $(@D)
	$(SAY) '  GEN  $<'
	$(Q)protoc-c --proto_path=$(<D) --c_out=$(@D) $< 2>$(@D)/protoc.log || { cat $(@D)/protoc.log >&2; exit 1; }

$(BUILD)/%.pb-c.o: $(BUILD)/%.pb-c.c $(BUILD)/flags
	$(SAY) '  CC   $<'
	$(Q)$(COMPILE) -Wno-conversion -c -o $@ $<

$(BUILD)/output/remote_write.o $(BUILD)/output/remote_write_samples.o $(PROTOS): $(PROTOS:.o=.h)

$(BUILD)/unit/%: tests/unit/%.c $(MODULES)
	@mkdir -p $(@D)
	$(SAY) '  TEST $<'
	$(Q)$(COMPILE) $(ALL_LDFLAGS) -MMD -MP -o $@ $< $(MODULES) $(LIBS)

# Totals as promtool reads them.
$(BUILD)/exposition: tests/lib/exposition.c $(MODULES)
	$(SAY) '  LD   $@'
	$(Q)$(COMPILE) $(ALL_LDFLAGS) -MMD -MP -o $@ $< $(MODULES) $(LIBS)

# The shells' completions come from the program's own tables.
$(BUILD)/completions: packaging/completions.c $(MODULES)
	$(SAY) '  LD   $@'
	$(Q)$(COMPILE) $(ALL_LDFLAGS) -o $@ $< $(MODULES) $(LIBS)

$(BUILD)/completion/%: packaging/completion/% $(BUILD)/completions
	@mkdir -p $(@D)
	$(SAY) '  GEN  $@'
	$(Q)$(BUILD)/completions $* <$< >$@.new && mv $@.new $@

# Rebuild when the compiler or its flags change. That is also when something may be
# missing: on the first build, and when a library went away.
$(BUILD)/flags: FORCE
	@mkdir -p $(BUILD)
	@new=$@.$$$$; printf '%s\n' "$(subst ",\",$(COMPILE))" >$$new; \
	if cmp -s $$new $@; then rm $$new; else \
		CC='$(CC)' PKG_CONFIG='$(PKG_CONFIG)' tests/lib/need.sh --check build && mv $$new $@; fi

# For clangd and the like: how each file is compiled.
compile_commands.json: $(BUILD)/flags $(PROTOS:.o=.h) FORCE
	$(SAY) '  GEN  $@'
	@compile=$$(sed 's/"/\\"/g' $<); \
	for file in $(filter %.c,$(SOURCES)); do \
		printf ',{"directory": "%s", "file": "%s", "command": "%s -c %s"}\n' \
			'$(CURDIR)' "$$file" "$$compile" "$$file"; \
	done | sed '1s/,/[/; $$s/$$/]/' >$@

BENCH_TOOLS = $(patsubst %,$(BUILD)/bench/%,measure parse sink writers lock_times.so)

$(BUILD)/bench/%: tests/bench/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(SAY) '  CC   $<'
	$(Q)$(COMPILE) $(ALL_LDFLAGS) -o $@ $< $(LIBS)

$(BUILD)/bench/%.so: tests/bench/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(SAY) '  CC   $<'
	$(Q)$(CC) $(ALL_CPPFLAGS) -std=c11 $(WARNINGS) $(CFLAGS) -shared -fPIC -o $@ $< -ldl

# The wire measures others, so it is never slowed by sanitizers.
$(BUILD)/wire/link: tests/wire/link.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(SAY) '  CC   $<'
	$(Q)$(CC) $(ALL_CPPFLAGS) -std=c11 $(WARNINGS) $(CFLAGS) -o $@ $<

# BENCH_ROWS="spool" measures just these.
bench-run: $(PROGRAM) $(BENCH_TOOLS)
	@tests/bench/bench.py $(BUILD) $(BENCH_ROWS)

# Fuzzing, with libFuzzer; `make test` replays the corpus without it.
FUZZ_TARGETS = json_stream transfer line sample_times record totals
FUZZ_SECONDS ?= 60
FUZZ_CC ?= clang
FUZZ_SOURCES = $(wildcard src/*/*.c) $(PROTOS:.o=.c)
FUZZ_FLAGS = -std=c11 -O1 -g $(WARNINGS) $(filter-out -D_FORTIFY_SOURCE=2,$(ALL_CPPFLAGS)) \
	-fsanitize=fuzzer,address,undefined,float-cast-overflow -fno-sanitize-recover=all \
	-fno-omit-frame-pointer $(PACKAGE_CFLAGS)
REPLAYS = $(FUZZ_TARGETS:%=$(BUILD)/fuzz/replay_%)

$(BUILD)/fuzz/replay_%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c tests/fuzz/fuzz.h $(MODULES)
	@mkdir -p $(@D)
	$(SAY) '  FUZZ $<'
	$(Q)$(CC) $(ALL_CPPFLAGS) -DCORPUS='"tests/fuzz/corpus/$*"' $(ALL_CFLAGS) $(ALL_LDFLAGS) \
		-o $@ $< tests/fuzz/replay.c $(MODULES) $(LIBS)

$(BUILD)/fuzz/fuzz_%: tests/fuzz/fuzz_%.c tests/fuzz/fuzz.h $(FUZZ_SOURCES) \
		$(wildcard include/*/*.h)
	@mkdir -p $(@D)
	$(SAY) '  FUZZ $<'
	$(Q)$(FUZZ_CC) $(FUZZ_FLAGS) -o $@ $< $(FUZZ_SOURCES) $(LIBS)

# make -j2 fuzzes two targets at a time.
FUZZ_RUNS = $(FUZZ_TARGETS:%=fuzz-run-%)
fuzz-run: $(FUZZ_RUNS)

$(FUZZ_RUNS): fuzz-run-%: $(BUILD)/fuzz/fuzz_%
	@log=$(BUILD)/fuzz/$*.log; \
	mkdir -p $(BUILD)/fuzz/new/$*; \
	$< -max_total_time=$(FUZZ_SECONDS) -timeout=5 -rss_limit_mb=1024 \
		-artifact_prefix=$(BUILD)/fuzz/broken-$*- \
		$(BUILD)/fuzz/new/$* tests/fuzz/corpus/$* >$$log 2>&1 || \
		{ tail -n 60 $$log; exit 1; }; \
	echo "fuzz_$*: $$(grep '^Done' $$log)"

# Generated sources stay, and make has no word to say about them.
.SECONDARY: $(PROTOS:.o=.c) $(PROTOS:.o=.h)

-include $(wildcard $(BUILD)/*.d $(BUILD)/*/*.d)

clean:
	rm -rf build compile_commands.json

DOCUMENT_DIRS = $(patsubst %,'$(DESTDIR)$(DOCDIR)/%',$(sort $(dir $(SERVICE) $(DOCUMENTS))))

install: all
	install -d '$(DESTDIR)$(BINDIR)' '$(DESTDIR)$(MANDIR)/man1' '$(DESTDIR)$(BASHDIR)' \
		'$(DESTDIR)$(ZSHDIR)' '$(DESTDIR)$(FISHDIR)' $(DOCUMENT_DIRS)
	install -m 755 $(PROGRAM) '$(DESTDIR)$(BINDIR)/tsdb-exporter'
	install -m 644 packaging/tsdb-exporter.1 '$(DESTDIR)$(MANDIR)/man1/tsdb-exporter.1'
	install -m 644 $(BUILD)/completion/bash '$(DESTDIR)$(BASHDIR)/tsdb-exporter'
	install -m 644 $(BUILD)/completion/zsh '$(DESTDIR)$(ZSHDIR)/_tsdb-exporter'
	install -m 644 $(BUILD)/completion/fish '$(DESTDIR)$(FISHDIR)/tsdb-exporter.fish'
	install -m 644 README.md LICENSE '$(DESTDIR)$(DOCDIR)'
	install -m 755 $(EXAMPLES) '$(DESTDIR)$(DOCDIR)/examples'
	sed 's,/usr/local/bin,$(BINDIR),' $(SERVICE) >'$(DESTDIR)$(DOCDIR)/$(SERVICE)'
	chmod 644 '$(DESTDIR)$(DOCDIR)/$(SERVICE)'
	$(foreach file,$(DOCUMENTS),install -m 644 $(file) '$(DESTDIR)$(DOCDIR)/$(file)' &&) :

uninstall:
	rm -f '$(DESTDIR)$(BINDIR)/tsdb-exporter' '$(DESTDIR)$(MANDIR)/man1/tsdb-exporter.1' \
		'$(DESTDIR)$(BASHDIR)/tsdb-exporter' '$(DESTDIR)$(ZSHDIR)/_tsdb-exporter' \
		'$(DESTDIR)$(FISHDIR)/tsdb-exporter.fish'
	rm -f $(patsubst %,'$(DESTDIR)$(DOCDIR)/%',$(EXAMPLES) $(SERVICE) $(DOCUMENTS) README.md LICENSE)
	find '$(DESTDIR)$(DOCDIR)' -depth -type d -empty -delete

# Each of these first installs what it needs and is missing (Debian, Ubuntu).
deps:
	@tests/lib/need.sh build

demo:
	@tests/lib/need.sh build demo
	@$(MAKE) --no-print-directory all $(BUILD)/wire/link
	@BUILD='$(BUILD)' examples/demo/demo.sh

test:
	@tests/lib/need.sh build test
	@$(MAKE) --no-print-directory check

fuzz:
	@tests/lib/need.sh build fuzz
	@$(MAKE) --no-print-directory fuzz-run

bench:
	@tests/lib/need.sh build bench
	@$(MAKE) --no-print-directory bench-run

lint:
	@tests/lib/need.sh build lint
	cppcheck --quiet --std=c11 --error-exitcode=1 --enable=warning,performance,portability \
		--inline-suppr -Iinclude src packaging
	@$(MAKE) --no-print-directory $(BUILD)/completion/bash
	shellcheck -x $(SCRIPTS) $(BUILD)/completion/bash

format:
	@tests/lib/need.sh lint
	clang-format -i $(SOURCES)

# The program with named faults (see fault.h), for tests.
faults:
	@$(MAKE) --no-print-directory BUILD='$(BUILD)/faults' CPPFLAGS='$(CPPFLAGS) -DFAULTS' '$(BUILD)/faults/tsdb-exporter'

# A package in build/deb. dpkg-buildpackage wants debian/ on top, so it gets a tree
# of its own.
DEB_TREE = build/deb/tsdb-exporter-$(VERSION)
deb:
	@tests/lib/need.sh build deb
	rm -rf build/deb
	mkdir -p $(DEB_TREE)
	cp -R src include tests examples packaging Makefile README.md LICENSE $(DEB_TREE)
	mv $(DEB_TREE)/packaging/debian $(DEB_TREE)/debian
	cd $(DEB_TREE) && dpkg-buildpackage --build=binary --unsigned-source --unsigned-changes
	rm -rf $(DEB_TREE)
	@ls build/deb/*.deb

# What needs root, the network and some minutes: the package in a fresh Debian.
test-deb:
	@tests/lib/need.sh build test package
	@$(MAKE) --no-print-directory all
	@BIN='$(CURDIR)/$(PROGRAM)' SUITE='$(SUITE)' TEST_SECONDS=1200 tests/run tests/packaging/deb.t

# The units alone, which need nothing but perl. RUNNER=qemu-aarch64 runs another
# machine's.
units: $(UNITS) $(REPLAYS)
	RUNNER='$(RUNNER)' tests/run $(UNITS) $(REPLAYS)

# The tests alone: nothing is installed. T=SCRIPT and U=UNIT (of tests/unit) on the
# command line, not in the environment: only these run, and what they need is built.
T =
U =
TESTS = $(filter-out tests/packaging/deb.t,$(wildcard tests/*/*.t))
ifneq ($(T)$(U),)
CHECKED = $(U:%=$(BUILD)/unit/%) $(T)
CHECK_NEEDS = $(if $(T),all) $(if $(filter tests/spool/% tests/report/%,$(T)),faults) \
	$(if $(filter tests/wire/% tests/examples/%,$(T)),$(BUILD)/wire/link) \
	$(if $(filter tests/database/promtool.t,$(T)),$(BUILD)/exposition)
else
CHECKED = $(UNITS) $(REPLAYS) $(TESTS)
CHECK_NEEDS = all faults $(BUILD)/wire/link $(BUILD)/exposition
endif

check: $(CHECK_NEEDS) $(filter $(BUILD)/%,$(CHECKED))
	BUILD='$(BUILD)' BIN_FAULTS='$(CURDIR)/$(BUILD)/faults/tsdb-exporter' BIN='$(CURDIR)/$(PROGRAM)' tests/run $(CHECKED)

help:
	@echo 'all            the program, in $(BUILD)'
	@echo 'deps           installs what `make` needs and is missing (Debian, Ubuntu)'
	@echo 'demo           real curls, a real database, and what it shows'
	@echo 'test           all tests (SAN=1: with sanitizers)'
	@echo 'check          the same, but nothing is installed;'
	@echo '               T=tests/spool/writers.t: this script alone; U=phase: this unit'
	@echo 'deb            a Debian package, in build/deb'
	@echo 'test-deb       the same, in a fresh Debian (as root; SUITE=trixie)'
	@echo 'install        into $$DESTDIR$$PREFIX ($(PREFIX)); uninstall'
	@echo 'bench          time and memory beside others'
	@echo 'fuzz           each fuzz target for FUZZ_SECONDS (60)'
	@echo 'lint, format   cppcheck and shellcheck; clang-format'
	@echo 'compile_commands.json'
	@echo '               how each file is compiled, for clangd'
	@echo 'clean'

.PHONY: all clean install uninstall deps deb test-deb demo test units check faults fuzz fuzz-run $(FUZZ_RUNS) bench bench-run lint \
	format help FORCE
FORCE:
