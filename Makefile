# Every target works from a bare machine with git, make, python3 (3.11 or later) and pip (22.3 or later).
# The virtual environment is made without ensurepip, which Debian keeps in a package of its own, and filled by
# the pip that is there; stamps in it say what is installed, so that a second run installs nothing.

PYTHON ?= python3
JOBS ?= 2
DEMO ?= wincook-demo.png
SEED ?= 0
T ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
PACKAGE := $(VENV)/.installed
DEV := $(VENV)/.installed-dev
BENCH := $(VENV)/.installed-bench
PEERS := $(VENV)/.installed-peers
MUTANTS := $(VENV)/.installed-mutants
PYTEST := $(BIN)/python -m pytest --durations=10 --durations-min=5

# T names tests by their paths, or by an expression of pytest's -k.
CHOSEN := $(if $(T),$(if $(wildcard $(firstword $(subst ::, ,$(T)))),$(T),-k '$(T)'))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL: # one pip at a time
.PHONY: help demo test fast golden coverage check lint types imports format bench bench-peers atlas night fuzz layers mutants tools wheel clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-11s  %s\n", $$1, $$2 }' Makefile

demo: $(PACKAGE) ## the main job on a real photo; draws wincook-demo.png
	$(BIN)/wincook demo --out $(DEMO)

test: $(DEV) ## tests, and the examples in docstrings, docs/ and README.md; T=PATH or T=EXPRESSION chooses some
	$(PYTEST) -n $(JOBS) --dist worksteal $(CHOSEN)

fast: $(DEV) ## what takes little time of the tests and docstrings: a minute in all; T= as for test
	$(PYTEST) -n $(JOBS) -m "not slow and not nightly" $(or $(CHOSEN),tests wincook)

golden: $(DEV) ## write golden files anew, as the tests print now: read the diff before you commit it; T= as for test
	$(PYTEST) -n $(JOBS) --update-golden $(or $(CHOSEN),tests)

coverage: $(DEV) ## which lines the tests do not reach; fails below the floor in pyproject.toml
	$(PYTEST) -n $(JOBS) --cov --cov-report=term-missing:skip-covered

check: lint types imports test ## what CI runs

lint: $(DEV) ## ruff: rules and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(DEV) ## mypy, strict
	$(BIN)/mypy

imports: $(DEV) ## layers: imports go downward
	$(BIN)/lint-imports

format: $(DEV) ## let ruff rewrite what it can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(BENCH) ## against the peers, on this machine
	$(BIN)/python benchmarks/conv2d.py
	$(BIN)/python benchmarks/accuracy.py
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/exact_core.py

bench-peers: $(PEERS) ## kernels beside eight other engines, which it installs: ten minutes; T=GROUP chooses layers
	$(BIN)/python -m benchmarks.peers $(if $(T),--layers $(T))

atlas: $(DEV) ## search for the best points of each tile, hours; goes on where it stopped; then fill the atlas
	$(BIN)/python benchmarks/atlas_goals.py build/winners.jsonl
	$(BIN)/python benchmarks/atlas_proofs.py build/winners.jsonl --to build/proven.jsonl
	$(BIN)/python benchmarks/atlas.py build/winners.jsonl --workers $(JOBS)
	$(BIN)/python benchmarks/atlas.py build/proven.jsonl --workers $(JOBS)

night: $(DEV) ## whatever `make test` leaves out: hours; T= as for test
	$(PYTEST) -n $(JOBS) --dist worksteal -m nightly $(CHOSEN)

fuzz: $(DEV) ## 126,000 random inputs, each answered or refused within ten seconds and a GiB
	$(PYTEST) -n $(JOBS) -m nightly tests/fuzz

layers: $(DEV) ## 3,000 random layers, 2,000 between forbidden pages, ten minutes of calls from four threads
	$(PYTEST) -n $(JOBS) -m nightly tests/kernels

mutants: $(MUTANTS) ## how many of 300 random mutants the tests kill; prints the survivors
	$(BIN)/python benchmarks/mutants.py --number 300 --seed $(SEED) --jobs $(JOBS)

tools: ## as root on Debian: the compilers and emulators that the tests of libraries for C run; skipped without them
	apt-get update -qq
	apt-get install -qq --no-install-recommends gcc g++ clang cmake pkg-config valgrind libpng-dev gcc-aarch64-linux-gnu \
		libc6-dev-arm64-cross gcc-riscv64-linux-gnu libc6-dev-riscv64-cross qemu-user
	apt-get install -qq --no-install-recommends lld llvm wasi-libc libclang-rt-dev-wasm32 # for wasm32, with node
	command -v node >/dev/null || apt-get install -qq --no-install-recommends nodejs

wheel: $(VENV)/.pip ## build sdist and wheel; try the wheel, without extras, in an environment of its own
	$(PIP) install --quiet --group package
	rm -rf dist build/try
	$(BIN)/python -m build --outdir dist
	$(PYTHON) -m venv --without-pip build/try
	$(BIN)/python -m pip --disable-pip-version-check --python build/try/bin/python install --quiet dist/*.whl
	cd build && try/bin/wincook --version
	cd build && try/bin/wincook show 'F(2,3)'
	cd build && try/bin/wincook show 'F(4,3)' --as json --out f43.json
	cd build && try/bin/wincook verify f43.json
	cd build && try/bin/wincook analyse 'F(2x2,3x3)' --samples 100

clean: ## remove the virtual environment, caches and what the targets made
	rm -rf $(VENV) .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .coverage* build dist $(DEMO)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --group (PEP 735) needs pip 25.1.
$(VENV)/.pip:
	$(PYTHON) -m venv --without-pip $(VENV)
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --upgrade 'pip>=25.1'
	touch $@

$(PACKAGE): pyproject.toml | $(VENV)/.pip
	$(PIP) install --quiet --editable '.[fast,demo]'
	touch $@

# Resolved together with the package, so that no tool moves one of its dependencies.
$(DEV): pyproject.toml | $(VENV)/.pip
	$(PIP) install --quiet --editable '.[fast,demo]' --group test --group lint
	touch $(PACKAGE) $@

$(BENCH): pyproject.toml | $(VENV)/.pip
	$(PIP) install --quiet --editable '.[fast,bench]'
	touch $(PACKAGE) $@

$(PEERS): pyproject.toml | $(VENV)/.pip
	$(PIP) install --quiet --editable '.[fast,peers]'
	touch $(PACKAGE) $@

$(MUTANTS): pyproject.toml | $(VENV)/.pip
	$(PIP) install --quiet --editable '.[fast,demo]' --group test --group lint --group mutants
	touch $(PACKAGE) $(DEV) $@
