# Rekindle: `make run` and `make test` need nothing else of ours, only Python 3.11 or newer.
.POSIX:
.PHONY: help run test check style format types arrows tests-ready chaos soak bench eval screenshots lock tidy clean

PYTHON = python3
BIN = .venv/bin
# Two at a time; a file of browser tests stays on one worker, so that it shares its browser and its server.
PYTEST = -n 2 --dist loadgroup
TESTS = tests

help:            ## Say what there is to do
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile | expand -t 20

run:             ## Start Rekindle on http://127.0.0.1:8000 (HOST and PORT in the environment)
	@$(PYTHON) deploy/install.py run
	@$(BIN)/rekindle migrate
	@$(BIN)/rekindle keys
	@exec $(BIN)/rekindle serve

test: tests-ready ## Install what the tests need, browsers too, and run them all
	@$(BIN)/python -m pytest $(PYTEST) $(TESTS)

check: tests-ready ## What CI runs, step by step; stops at the first red
	@$(MAKE) -s style
	@$(MAKE) -s format
	@$(MAKE) -s types
	@$(MAKE) -s arrows
	@echo "— tests" && $(MAKE) -s test

style:
	@echo "— ruff check" && $(BIN)/ruff check --quiet .

format:
	@echo "— ruff format" && $(BIN)/ruff format --check --quiet .

types:
	@echo "— mypy" && $(BIN)/mypy

arrows:
	@echo "— lint-imports" && $(BIN)/lint-imports

tests-ready:
	@$(PYTHON) deploy/install.py test
	@$(PYTHON) deploy/install.py browsers

chaos: tests-ready ## Kill workers 5,000 times and claim 100,000 nudges at once, on each database (an hour; REKINDLE_SEED repeats a run)
	@REKINDLE_KILLS=5000 REKINDLE_CLAIMS=100000 $(BIN)/python -m pytest -s tests/fault/test_dispatch_killed.py tests/fault/test_claims.py

soak: tests-ready ## Every minute around every change of every zone's clocks (minutes)
	@SOAK=1 $(BIN)/python -m pytest --timeout 3600 tests/unit/domain/test_every_zone.py

eval: tests-ready ## Score the tailoring and the tone coach on their development cases
	@$(BIN)/python -m bench.tailoring.evaluate
	@$(BIN)/python -m bench.tone.evaluate
	@$(BIN)/python -m bench.replies.evaluate

bench: tests-ready ## Measure sending beside its peers, and claiming (half an hour; better on a quiet machine)
	@$(BIN)/rekindle bench push
	@$(BIN)/rekindle bench claims

tidy:            ## Format the code and mend what ruff can mend
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

screenshots: tests-ready ## Take the README's pictures from the running app
	@$(BIN)/python docs/screenshots.py

lock:            ## Write deploy/requirements*.txt anew from pyproject.toml
	@$(PYTHON) deploy/install.py lock

clean:           ## Remove .venv and caches; instance/ and what people wrote stay
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results *.egg-info build
