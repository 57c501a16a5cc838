# make help lists the targets. Everything runs inside .venv, which make builds when it is missing.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup run reset demo shell migration test test-fast test-sqlite test-postgres test-browser \
	check check-long fmt lock bench
.NOTPARALLEL:

PORT ?= 8000
export PORT
PY := .venv/bin/python
PYTEST := $(PY) -m pytest -q
# Two test processes: the suite is sized for two cores.
WORKERS ?= 2

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: ## make .venv with everything for running, testing and checking
	@scripts/bootstrap.sh dev

run: ## start the portal with demo data on http://localhost:8000 (PORT= changes it)
	@scripts/bootstrap.sh
	@exec $(PY) scripts/run.py

reset: ## throw away the local database, mail and files; the next run begins again
	@scripts/bootstrap.sh
	@$(PY) scripts/run.py --reset

demo: ## load the demo data into the local database now, without starting a server
	@scripts/bootstrap.sh
	@$(PY) scripts/run.py --demo-only

shell: ## a Python prompt inside the application, on the local database
	@scripts/bootstrap.sh
	@$(PY) scripts/run.py --shell

migration: setup ## write a migration from the changed models: make migration m="what changes"
	@test -n "$(m)" || { echo 'Say what changes: make migration m="add the column …"'; exit 1; }
	@$(PY) scripts/run.py --flask db revision --autogenerate -m "$(m)"

test: setup ## everything: unit, functional, walls, migrations on SQLite and PostgreSQL, then the browser
	@scripts/test_needs.sh
	@$(PY) -m tests.postgres $(MAKE) --no-print-directory test-sqlite test-postgres test-browser

test-fast: setup ## the tests that need neither PostgreSQL nor a browser; stops at the first failure
	@$(PYTEST) -n $(WORKERS) -x --db=sqlite -m "not postgres and not browser and not slow"

test-sqlite: setup
	@echo; echo "== unit, functional, security, migrations on SQLite"
	@$(PYTEST) -n $(WORKERS) --dist worksteal --db=sqlite -m "not postgres and not browser"

test-postgres: setup
	@echo; echo "== functional, security, migrations, races on PostgreSQL"
	@$(PYTEST) -n $(WORKERS) --dist worksteal --db=postgresql -m "(database or postgres) and not sqlite and not long and not browser"

test-browser: setup
	@echo; echo "== the browser"
	@$(PYTEST) -n $(WORKERS) --dist loadgroup --no-loadscope-reorder -p no:randomly -m browser tests/e2e

check: setup ## format, lint, types, import contract, templates
	@echo "== format";          $(PY) -m ruff format --check .
	@echo "== lint";            $(PY) -m ruff check .
	@echo "== types";           $(PY) -m mypy
	@echo "== import contract"; .venv/bin/lint-imports
	@echo "== templates";       .venv/bin/djlint portal/templates --lint --quiet

check-long: check ## check, then what takes too long for make test: coverage, every page for every role, long races, twenty kills
	@echo "== security";        .venv/bin/bandit -q -ll -r portal -c pyproject.toml
	@echo "== coverage";        $(PYTEST) -n $(WORKERS) --db=sqlite -m "not postgres and not browser and not slow" \
		--cov --cov-report=term:skip-covered
	@scripts/test_needs.sh
	@echo "== timing";          TIMING_LONG=1 $(PYTEST) -s -p no:randomly --db=both tests/security/test_timing.py
	@echo "== every page";      LOOK_ALL=1 $(PYTEST) -n $(WORKERS) --dist loadgroup -p no:randomly tests/e2e/test_pages_look.py
	@echo "== long walks";      $(PYTEST) -n $(WORKERS) --db=postgresql -m "long and not sqlite"
	@echo "== races";           RACE_ROUNDS=20 RACE_ROUNDS_SOCKETS=5 RACE_ROUNDS_RESOURCES=50 $(PYTEST) -p no:randomly tests/race
	@echo "== durability";      DURABILITY_KILLS=20 $(PYTEST) -s -p no:randomly tests/durability

fmt: setup ## format the code and repair what can be repaired
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

lock: setup ## lock requirements*.in again, with hashes
	@.venv/bin/uv pip compile --quiet --generate-hashes --python-version 3.11 requirements.in -o requirements.txt
	@.venv/bin/uv pip compile --quiet --generate-hashes --python-version 3.11 requirements-dev.in -o requirements-dev.txt

bench: setup ## measure against the bare frame, in one run (see benchmarks/)
	@scripts/test_needs.sh bench
	@$(PY) -m benchmarks
