# Every target sets up what it needs: Python 3.11 or later and make are enough, root is not needed.
# Recipes name files relative to this folder, so that blanks in the path to it do no harm.

PYTHON ?= python3
PORT ?= 8000
UV := uv==0.13.9
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/installed
NPM := frontend/npm $(PY)
NPM_READY := frontend/node_modules/.package-lock.json
CANVAS := campaigns/static/canvas/canvas.js
CANVAS_SOURCES = $(shell find frontend/src -type f ! -name schema.d.ts)

.DEFAULT_GOAL := help
.PHONY: help demo run test faults mutants bench check format messages lock canvas canvas-check

help:
	@echo "make demo     a whole campaign on real data, told while it happens"
	@echo "make run      a whole installation on this machine, until Ctrl-C (PORT=8000)"
	@echo "make test     every test that needs no browser"
	@echo "make faults   the tests that kill processes, in their long form, with what they counted"
	@echo "make mutants  how many small faults put into the rule compiler its tests notice (MUTANTS=300 SEED=1)"
	@echo "make bench    ratios beside hand-written baselines (minutes; TUTTI_BENCH_SCALE=0.1 is a tenth)"
	@echo "make check    style, types, import contracts, migrations, Django's own checks"
	@echo "make canvas   builds the canvas, with a Node of its own where there is none"
	@echo "make canvas-check  types and tests of the canvas, against the API as it is described now"
	@echo "make format   puts the code into the house style"
	@echo "make messages brings the catalogues of translations up to the sources"
	@echo "make lock     resolves requirements.in into requirements.txt"

demo: $(READY) $(CANVAS)
	@$(PY) -m config.demo

run: $(READY) $(CANVAS)
	@$(PY) -m config.run --port $(PORT)

# More workers than processors: the tests that kill processes wait most of their time, and stand side by side.
test: $(READY)
	@$(PY) -m pytest -m "not browser" -n 4 --dist worksteal

faults: export TUTTI_FAULTS := full
faults: $(READY)
	@$(PY) -m pytest -m faults -rP --timeout 1800

MUTANTS ?= 300
SEED ?= 1

mutants: $(READY)
	@$(PY) -m tests.mutation --sample $(MUTANTS) --seed $(SEED)

# What it is compared with is kept out of the environment that everything else uses.
BENCH_PACKAGES := .local/bench-packages

bench: $(READY) $(BENCH_PACKAGES)/installed
	@BENCH_PACKAGES="$$PWD/$(BENCH_PACKAGES)" $(PY) -m bench

$(BENCH_PACKAGES)/installed: bench/requirements.txt | $(READY)
	@mkdir -m 700 -p .local
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target $(BENCH_PACKAGES) -r bench/requirements.txt
	@touch $@

check: $(READY)
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@$(PY) -m config.embedded.lend -- $(MAKE) --no-print-directory check-with-servers

# The type checker's plug-ins and Django's commands read the settings, which want servers named.
.PHONY: check-with-servers
check-with-servers: export TUTTI_ENV_FILES := ignore
check-with-servers: export SECRET_KEY := $(shell $(PYTHON) -c "import secrets; print(secrets.token_urlsafe(48))")
check-with-servers:
	@$(PY) -m mypy
	@$(PY) $(VENV)/bin/lint-imports --no-cache
	@$(PY) manage.py makemigrations --check --dry-run
	@$(PY) manage.py check --fail-level WARNING

canvas: $(CANVAS)

$(CANVAS): $(NPM_READY) $(CANVAS_SOURCES) frontend/vite.config.ts frontend/tsconfig.json
	@$(NPM) run --silent build -- --logLevel warn
	@touch $@

$(NPM_READY): frontend/package.json frontend/package-lock.json | $(READY)
	@$(NPM) ci --loglevel error --no-audit --no-fund >/dev/null
	@touch $@

# Written anew at each check: what the canvas believes of the API is what the API says. That needs settings that
# name servers, and none of them.
API_TYPES := frontend/src/api/schema.d.ts
DESCRIBING := env TUTTI_ENV_FILES=ignore SECRET_KEY=$$($(PYTHON) -c "import secrets; print(secrets.token_urlsafe(48))") \
	DATABASE_URL=postgres://nobody@127.0.0.1:1/nothing BROKER_URL=redis://127.0.0.1:1/0

$(API_TYPES): FORCE | $(READY) $(NPM_READY)
	@mkdir -m 700 -p .local
	@$(DESCRIBING) $(PY) manage.py spectacular --format openapi-json --file .local/openapi.json
	@$(NPM) run --silent types -- ../.local/openapi.json --output ../$@ >/dev/null

.PHONY: FORCE
FORCE:

# What a first visit loads, in bytes as they travel.
MOST_BYTES := 350000

canvas-check: $(API_TYPES) $(CANVAS)
	@$(NPM) run --silent check
	@$(NPM) run --silent test
	@$(NPM) run --silent weigh -- $(MOST_BYTES)

format: $(READY)
	@$(PY) -m ruff check --fix-only --exit-zero
	@$(PY) -m ruff format

messages: $(READY)
	@$(PY) -m config.translations

lock: $(READY)
	@$(PY) -m pip install --quiet "$(UV)"
	@$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --no-header requirements.in -o requirements.txt
	@touch requirements.txt

$(READY): requirements.txt requirements-demo.txt
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { \
		echo "Tutti needs Python 3.11 or later; $(PYTHON) is older. Name another: make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c "import ensurepip, venv" 2>/dev/null || { \
		echo "$(PYTHON) cannot make environments. On Debian: apt-get install python3-venv." >&2; \
		echo "Without root, install Python from python.org or by pyenv, and name it: make PYTHON=…" >&2; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@echo "Installing what requirements.txt names (a minute the first time) …"
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps -r requirements-demo.txt
	@touch $(READY)
