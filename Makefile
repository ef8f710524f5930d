# SPDX-License-Identifier: GPL-3.0-or-later
.DEFAULT_GOAL := help
SHELL := /bin/sh

# A login without a usable home folder, a locale or a venv is enough.
ifeq ($(shell test -n "$$HOME" -a -w "$$HOME" && echo yes),)
export HOME := $(CURDIR)/build/home
endif
export LC_ALL := C.UTF-8
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/build/bin:$(PATH)
export ANSIBLE_HOME := $(CURDIR)/build/ansible
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/build
export PYTHONDONTWRITEBYTECODE := 1
# As the programs that are shipped: tests and tools that were compiled in another way would compile the standard library a second time.
export CGO_ENABLED := 0
export GOFLAGS := $(strip $(GOFLAGS) -trimpath)

STAGED := build/ansible_collections/vchassis/junos
PLATFORMS := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 linux/ppc64le linux/s390x

##  demo           rehearse on the twin of a simulated Virtual Chassis, take the chassis itself from RCP to SCP, and watch it
.PHONY: demo
demo: stage
	@.venv/bin/python build-tools/demo.py

##  quick          the inner loop, one to two minutes: static checks, short Go tests, what compares places, ansible-lint
.PHONY: quick
quick: venv
	@.venv/bin/python build-tools/check.py --quick

##  touched        what the changes since main reach, and why: BASE=COMMIT compares with another
.PHONY: touched
touched: venv
	@.venv/bin/python build-tools/touched.py $(BASE)

##  test           everything that must hold: linters, Go tests, the role on simulated chassis
.PHONY: test
test: set-up
	@.venv/bin/python build-tools/check.py

##  test-long      the same with the race detector, fuzzing, full fault sweeps and mutants
.PHONY: test-long
test-long: set-up
	@.venv/bin/python build-tools/check.py --long

##  mutants        PACKAGE=./internal/vc [SEED=1] [N=100]: small changes that its own tests should notice
.PHONY: mutants
mutants:
	@go run ./tests/mutants -seed $(or $(SEED),1) -n $(or $(N),100) $(or $(PACKAGE),$(error want PACKAGE, such as ./internal/netconf/...))

##  test-GATE      one part of it, say test-molecule or test-go; test-list names them; ONLY=PART,... takes some packages, scenarios or files of tests
.PHONY: test-%
test-%: venv
	@.venv/bin/python build-tools/check.py $*$(addprefix =,$(ONLY))

##  bench          time and processor seconds a chassis beside junipernetworks.junos, as ratios, and beside the floor of as many tasks that do nothing; a session against ncclient and PyEZ
.PHONY: bench
bench: stage peers
	@.venv/bin/python build-tools/bench.py
	@.venv/bin/python build-tools/bench_session.py
	@.venv/bin/python build-tools/bench_distance.py

##  stage          the collection for this machine, under build/ansible_collections
.PHONY: stage
stage: venv build/bin/vchassis-sim
	@build-tools/stage $(STAGED)

##  collection     what a release consists of, for all platforms, under dist/: tarball, simulators, SBOM, SHA256SUMS
.PHONY: collection
collection: venv
	@rm -rf build/release dist
	@build-tools/stage build/release/ansible_collections/vchassis/junos $(PLATFORMS)
	@build-tools/simulators build/release/simulators $(PLATFORMS)
	@.venv/bin/python build-tools/release.py build/release/ansible_collections/vchassis/junos build/release/simulators dist

##  changelog      render the fragments of collection/changelogs into the changelog of the version in galaxy.yml
.PHONY: changelog
changelog: stage
	@.venv/bin/python build-tools/changelog.py

##  facts          write the copies of what stands in several files, from its home
.PHONY: facts
facts: venv
	@.venv/bin/python build-tools/facts.py

##  signature      sign dist/SHA256SUMS with the key that VCHASSIS_SIGNING_KEY names
.PHONY: signature
signature: venv
	@.venv/bin/python build-tools/signature.py dist

##  release-check  make test, and what a release needs beside it: version, same bytes twice, sums, SBOM, Galaxy's importer, a new machine
.PHONY: release-check
release-check: set-up
	@.venv/bin/python build-tools/check.py --release

##  clean          remove all that was built; stops no process, because none is left running
.PHONY: clean
clean:
	@rm -rf build dist .venv

.PHONY: help
help:
	@echo 'make TARGET'
	@sed -n 's/^##//p' Makefile

.PHONY: venv
venv:
	@build-tools/venv

.PHONY: peers
peers: venv
	@.venv/bin/pip install -q --disable-pip-version-check -r build-tools/requirements-peers.txt || echo 'not all clients could be installed'

.PHONY: build/bin/vchassis-sim
build/bin/vchassis-sim:
	@mkdir -p build/bin
	@modfile=$$(build-tools/modfile) && go build -modfile "$$modfile" -o $@ ./cmd/vchassis-sim

# What installs waits for servers, while the compiler, which all gates need, does not.
.PHONY: set-up
set-up:
	@$(MAKE) --no-print-directory -j3 peers system-tools compiled

# What does not compile is told by the gates.
.PHONY: compiled
compiled:
	@mkdir -p build
	@{ $(MAKE) --no-print-directory build/bin/vchassis-sim && go build ./...; } >build/compiled.log 2>&1 || true

# Peers that some tests talk to. Without root, or without Debian, those tests are skipped by name.
.PHONY: system-tools
system-tools:
	@build-tools/system-tools
