# Building, testing, installing dropwatch. `make help` lists what there is.

PREFIX ?= /usr/local
DESTDIR ?=

# sudo resets PATH, so a toolchain that is only in the user's is looked for where it usually lives.
SWIFT ?= $(firstword $(shell command -v swift) $(wildcard /usr/local/bin/swift \
	/opt/swift/usr/bin/swift $(if $(SUDO_USER),/home/$(SUDO_USER)/.local/share/swiftly/bin/swift)))
PROGRAMS := dropwatch dwdump
RELEASE := .build/release/dropwatch
# Where install takes the programs from: `make install BUILT=dist` those that need nothing.
BUILT ?= .build/release
STATIC_BUILD := .build/static

FUZZ_BUILD := .build-fuzz
FUZZ_SECONDS ?= 60

# Debian 12's names. The binary needs libbpf, libpcap, libdw, SQLite and libedit, the tests what makes drops.
BUILD_PACKAGES := libbpf-dev libelf-dev libdw-dev zlib1g-dev liblzma-dev libbz2-dev libedit-dev libpcap-dev libsqlite3-dev
STATIC_PACKAGES := $(BUILD_PACKAGES) libncurses-dev libbsd-dev libmd-dev binutils
TEST_PACKAGES := $(BUILD_PACKAGES) iproute2 nftables sqlite3 tshark python3 python3-jsonschema util-linux \
	binutils gcc libc6-dev
VM_PACKAGES := $(TEST_PACKAGES) qemu-system-x86 qemu-system-common busybox-static cpio kmod lz4 xz-utils zstd \
	dropwatch
BENCH_PACKAGES := $(TEST_PACKAGES) bpftrace linux-perf time

# Installs only what is missing: $(call packages,NAMES).
packages = @missing=$$(for name in $(1); do \
	dpkg-query -W -f '$${Status}' $$name 2>/dev/null | grep -q 'ok installed' || echo $$name; done); \
	if [ -n "$$missing" ]; then \
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	apt-get install -y -qq --no-install-recommends $$missing; fi

# What `make vm-matrix` boots: the newest cloud kernels of these suites, from 5.10 on.
MATRIX := bullseye bookworm bookworm-backports trixie trixie-backports sid
KERNEL ?= 6.1

.PHONY: help build run test vm-test vm-matrix vm-hardware vm-compare vm-lines check lint format bench fuzz static reasons manual install uninstall clean toolchain

help:
	@echo "make build                  the programs, at $(PROGRAMS:%=.build/release/%)"
	@echo "sudo make run               install what is missing, build, watch drops until Ctrl-C"
	@echo "sudo make test              install what is missing, build, run every test"
	@echo "sudo make check             format lint, build with warnings as errors, tests"
	@echo "sudo make vm-test KERNEL=6.1    what depends on the kernel, on Debian's, in a virtual machine"
	@echo "sudo make vm-matrix         the same on all of $(MATRIX)"
	@echo "sudo make vm-hardware       hardware drops, with the kernel's simulated card"
	@echo "sudo make vm-compare        the original dropwatch and ours, on the same drops"
	@echo "sudo make vm-lines          source lines, with a kernel's debug package (280 MB)"
	@echo "sudo make bench             costs beside bpftrace and perf, measured here and now"
	@echo "sudo make bench BENCH=--quick   the same in less time, less exact"
	@echo "make fuzz FUZZ_SECONDS=60   bad input for everything that reads bytes from outside"
	@echo "make reasons                docs/reasons from the knowledge data"
	@echo "make static                 binaries that need nothing, at $(PROGRAMS:%=dist/%)"
	@echo "make install PREFIX= DESTDIR=   programs, man pages, completions; BUILT=dist: the static ones"

toolchain:
	@[ -n "$(SWIFT)" ] || { \
	echo "make: no Swift toolchain found. Install Swift 6.3 (swift.org/install), or say make SWIFT=/path/to/swift" >&2; exit 2; }

build: toolchain
	$(call packages,$(BUILD_PACKAGES))
	for program in $(PROGRAMS); do \
		$(SWIFT) build -c release --product $$program --static-swift-stdlib || exit 1; done

run: build
	$(RELEASE) watch

test: toolchain
	$(call packages,$(TEST_PACKAGES))
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --no-parallel

vm-test: toolchain static
	$(call packages,$(VM_PACKAGES))
	$(SWIFT) build --build-tests
	Tests/VM/test $(KERNEL)

vm-matrix:
	$(MAKE) vm-test KERNEL="$(MATRIX)"

# Builds the kernel's simulated card twice, and runs the tests of hardware drops with each.
vm-hardware: toolchain static
	$(call packages,$(VM_PACKAGES) gcc make bc)
	$(SWIFT) build --build-tests
	Tests/VM/kernel bookworm .build/vm/bookworm
	modules=$$(Tests/VM/netdevsim -c $(CURDIR)/.build/vm .build/vm/bookworm) && \
	for module in netdevsim netdevsim_dropping; do \
		Tests/VM/test -s HardwareTests -b "modprobe -a psample udp_tunnel drop_monitor veth && \
			insmod $$modules/$$module.ko" 6.1 || exit 1; done

# Downloads the kernel's debug package, some 280 MB, and keeps 600 MB of it: not a part of any other target.
vm-lines: toolchain
	$(call packages,$(VM_PACKAGES))
	$(SWIFT) build --product dropwatch
	$(SWIFT) build --product droplab
	Tests/VM/lines bookworm

# Measures the original and ours side by side: the table of docs/comparison.md.
vm-compare: toolchain static
	$(call packages,$(VM_PACKAGES))
	$(SWIFT) build --build-tests
	Tests/VM/test -s ComparisonTests $(KERNEL)

lint: toolchain
	$(SWIFT) format lint --recursive --strict Sources Tests Plugins Benchmarks Package.swift

format: toolchain
	$(SWIFT) format --recursive --in-place Sources Tests Plugins Benchmarks Package.swift

check: lint test

bench: build
	$(call packages,$(BENCH_PACKAGES))
	$(SWIFT) build -c release --product dropwatch-bench --static-swift-stdlib
	.build/release/dropwatch-bench $(RELEASE) $(BENCH)

# What reads bytes from outside, in groups that have $(FUZZ_SECONDS) each, two of them at a time.
# What makes it crash is left in $(FUZZ_BUILD)/crashes, and ends it with an error; what reaches new code
# stays in the corpus for the next run. Swift's own report would take the crash from libFuzzer.
FUZZ_GROUPS := packets filters chunks counters changes \
	"netlink replies dropMonitor listeners perfRecords tracepointFormat symbols types"

fuzz: toolchain
	$(call packages,$(BUILD_PACKAGES))
	DROPWATCH_FUZZ=1 $(SWIFT) build -c release --product dropwatch-fuzz --scratch-path $(FUZZ_BUILD)
	printf '%s\n' $(FUZZ_GROUPS) | xargs -P 2 -d '\n' -n 1 \
		Tests/Fuzz/run $(FUZZ_BUILD)/release/dropwatch-fuzz $(FUZZ_BUILD) $(FUZZ_SECONDS)

static: toolchain
	$(call packages,$(STATIC_PACKAGES))
	mkdir -p dist
	for program in $(PROGRAMS); do \
		DROPWATCH_STATIC=1 $(SWIFT) build -c release --product $$program \
			--scratch-path $(STATIC_BUILD) --static-swift-stdlib -Xswiftc -static-executable && \
		strip -o dist/$$program $(STATIC_BUILD)/release/$$program || exit 1; done
	@ls -l $(PROGRAMS:%=dist/%)

# What is generated from Sources/Diagnosis/Knowledge: a page of docs/reasons for each layer. A test says
# when they are old.
LAYERS = $(basename $(notdir $(wildcard Sources/Diagnosis/Knowledge/*.yaml)))

reasons: toolchain
	$(SWIFT) build --product dropwatch
	for layer in $(LAYERS); do .build/debug/dropwatch explain --list $$layer --format markdown \
		> docs/reasons/$$layer.md || exit 1; done

# One run of the plugin writes the pages of all programs. It builds them, and would leave release
# programs behind that need Swift's shared libraries: hence the debug ones.
manual: $(if $(filter dist,$(BUILT)),static,build)
	mkdir -p dist/man
	$(SWIFT) package --allow-writing-to-directory dist generate-manual --configuration debug \
		--output-directory dist/man
	{ printf '%s\n' '.TH DROPWATCH-REASONS 7 "" dropwatch' '.SH NAME' \
		'dropwatch\-reasons \- why the kernel drops packets, and what to do about it' \
		'.SH DESCRIPTION' 'What \fBdropwatch explain\fR(1) knows of reasons, sites and counters.' \
		'.SH ENTRIES'; $(BUILT)/dropwatch explain --list --format man; } > dist/man/dropwatch-reasons.7

SHARE := $(DESTDIR)$(PREFIX)/share
BASH_COMPLETIONS := $(SHARE)/bash-completion/completions
ZSH_COMPLETIONS := $(SHARE)/zsh/site-functions
FISH_COMPLETIONS := $(SHARE)/fish/vendor_completions.d

install: manual
	install -D -m 644 dist/man/dropwatch-reasons.7 $(SHARE)/man/man7/dropwatch-reasons.7
	for program in $(PROGRAMS); do \
		install -D -m 755 $(BUILT)/$$program $(DESTDIR)$(PREFIX)/bin/$$program && \
		install -D -m 644 dist/man/$$program.1 $(SHARE)/man/man1/$$program.1 && \
		mkdir -p dist/completions/$$program && \
		for shell in bash zsh fish; do \
			$(BUILT)/$$program --generate-completion-script $$shell \
				> dist/completions/$$program/$$shell || exit 1; done && \
		install -D -m 644 dist/completions/$$program/bash $(BASH_COMPLETIONS)/$$program && \
		install -D -m 644 dist/completions/$$program/zsh $(ZSH_COMPLETIONS)/_$$program && \
		install -D -m 644 dist/completions/$$program/fish $(FISH_COMPLETIONS)/$$program.fish || \
		exit 1; done

uninstall:
	rm -f $(SHARE)/man/man7/dropwatch-reasons.7 $(PROGRAMS:%=$(DESTDIR)$(PREFIX)/bin/%) $(PROGRAMS:%=$(SHARE)/man/man1/%.1) \
		$(PROGRAMS:%=$(BASH_COMPLETIONS)/%) $(PROGRAMS:%=$(ZSH_COMPLETIONS)/_%) \
		$(PROGRAMS:%=$(FISH_COMPLETIONS)/%.fish)

clean:
	rm -rf .build $(FUZZ_BUILD) dist
