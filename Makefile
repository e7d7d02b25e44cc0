# What one does with the project; `make` alone lists it. Each target sets up what it needs, once.
# Paths are relative on purpose: the project's folder may have spaces in its name.

python := .venv/bin/python
years := $(patsubst data/%/letter.yaml,%,$(wildcard data/*/letter.yaml))

.DEFAULT_GOAL := help
.NOTPARALLEL: # two set-ups in one .venv would disturb each other
.SUFFIXES:
.PHONY: help letters check status compare preview mail new import install test lint hooks format goldens pictures bench schema specimen lock clean distclean year

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

letters: year .venv/.ready ## Write the letters of YEAR=2020 to build/2020/letters (ONLY="slug slug" for some)
	@$(python) -m letters build "$(YEAR)" $(ONLY)

check: year .venv/.ready ## List every problem in the data and templates of YEAR=2020
	@$(python) -m letters check "$(YEAR)"

status: year .venv/.ready ## Tell where every letter of YEAR=2020 stands, and what to do next
	@$(python) -m letters status "$(YEAR)"

compare: year .venv/.ready ## Tell which letters of YEAR=2020 changed since they were approved (WITH=sent, last-build, 2019)
	@$(python) -m letters compare "$(YEAR)" --with "$(or $(WITH),approved)"

preview: year .venv/.ready ## Show the letters of YEAR=2020 in a browser, up to date while files are edited
	@$(python) -m letters preview "$(YEAR)"

mail: letters ## Make the letters of YEAR=2020 and rehearse how they go out by e-mail; nothing leaves the machine
	@$(python) -m letters send "$(YEAR)"

install: .venv/.ready ## Link the command `letters` into ~/.local/bin, so that it can be typed in any folder
	@sh scripts/install.sh

test: .venv/.ready-dev ## Run the tests (TESTS="tests/unit -k figures" for some; SLOW=1 for the heavy proofs; COVER=1 counts lines)
	@$(python) -m pytest $(if $(SLOW),-m slow,$(if $(COVER),--cov)) $(TESTS)

lint: .venv/.ready-dev ## Check style (ruff) and types (mypy, strict)
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .
	@$(python) -m mypy

hooks: .venv/.ready-dev ## Have git run lint and the unit tests before each commit
	@$(python) -m pre_commit install

format: .venv/.ready-dev ## Bring the code into the style that lint asks for, as far as ruff can
	@$(python) -m ruff check --fix --exit-zero --quiet .
	@$(python) -m ruff format .

goldens: .venv/.ready-dev ## Write the expected results of the tests anew; read their diff like code
	@GOLDENS=1 $(python) -m pytest $(TESTS)

pictures: .venv/.ready-dev ## Make the pictures of README and docs/ anew, in some minutes; look at each
	@$(python) -m scripts.pictures

bench: .venv/.ready-bench ## Measure, for an hour (QUICK=1 for minutes; docs/performance.md explains the figures)
	@$(python) -m benchmarks.check
	@$(python) -m benchmarks.importing
	@$(python) -m benchmarks.compare
	@$(python) -m benchmarks.preview
	@$(python) -m benchmarks.looks
	@$(python) -m benchmarks.batch $(if $(QUICK),--quick) $(if $(LETTERS),--letters $(LETTERS)) $(if $(ROUNDS),--rounds $(ROUNDS))

new: year .venv/.ready ## Begin the new YEAR=2021 FROM=2020: its data and templates, with nothing in them that changes
	@test -n "$(FROM)" || { echo 'From which year? Say for instance: make new YEAR=$(YEAR) FROM=$(or $(lastword $(filter-out specimen%,$(years))),2020)' >&2; exit 2; }
	@$(python) -m letters new "$(YEAR)" --from "$(FROM)"

import: year .venv/.ready ## Show what the workbooks in private/2021 say for YEAR=2021 (WRITE=1 to write it)
	@$(python) -m letters import "$(YEAR)" $(if $(WRITE),--write)

specimen: .venv/.ready ## Make data/specimen-2021 with invented figures LIKE=2021 (LETTERS=40 for so many)
	@$(python) -m letters specimen --like "$(or $(LIKE),specimen)" $(if $(LETTERS),--letters "$(LETTERS)")

schema: .venv/.ready ## Write data/schema, which helps editors with the YAML files
	@$(python) -m letters schema

lock: .venv/.ready ## Choose versions and hashes of the libraries anew (needs the network)
	@sh scripts/lock.sh

clean: ## Remove build/ and caches
	@rm -rf build .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find benchmarks letters tests -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## Remove .venv too
	@rm -rf .venv

year:
	@test -n "$(YEAR)" || { echo 'Which year? Say for instance: make $(firstword $(MAKECMDGOALS)) YEAR=$(or $(firstword $(years)),2020)   (years: $(or $(years),none yet))' >&2; exit 2; }

# Writing letters needs fewer libraries than testing does, so there are two stamps. They say that .venv holds what these
# files ask for; without .venv's Python (removed by an upgrade of the system, say) they count for nothing.
set_up := pyproject.toml scripts/setup.sh .venv/bin/python

.venv/.ready: requirements.lock $(set_up)
	@sh scripts/setup.sh requirements.lock
	@touch $@

.venv/.ready-dev: requirements.lock requirements-dev.lock scripts/browser.sh $(set_up)
	@sh scripts/setup.sh requirements.lock requirements-dev.lock
	@sh scripts/browser.sh
	@touch .venv/.ready $@

.venv/.ready-bench: .venv/.ready-dev requirements-bench.lock
	@sh scripts/setup.sh requirements.lock requirements-dev.lock requirements-bench.lock
	@touch .venv/.ready .venv/.ready-dev $@

.venv/bin/python:
