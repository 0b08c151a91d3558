# Every target sets `.venv` up by itself: once, and again when requirements.lock or pyproject.toml change.
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := python -m pip -qq --disable-pip-version-check install
# The first interpreter on the path that is 3.11 or 3.12.
FIND_PYTHON := for p in python3.11 python3.12 python3; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null && echo "$$p" && break; done

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench bench-peers fuzz lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 16

setup: $(READY) ## the virtual environment with the tested versions

$(READY): requirements.lock pyproject.toml
	@echo "Setting up $(VENV) (once, two to four minutes) ..."
	@python=$$($(FIND_PYTHON)); test -n "$$python" || { echo "Dealwire needs Python 3.11 or 3.12 on the path" >&2; exit 2; }; \
		test -x $(BIN)/python || "$$python" -m venv $(VENV)
	@$(BIN)/$(PIP) -r requirements.lock
	@$(BIN)/$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

run: $(READY) ## one nightly run over the bundled sample articles; ends with the events it found
	@$(BIN)/dealwire run

test: check ## the checks, then every test and doctest
	@$(BIN)/python -m pytest

check: $(READY) ## ruff, mypy --strict and the import contract
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check --exclude README.md .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo >/dev/null || $(BIN)/lint-imports --no-logo

bench: $(READY) ## characters per second of every reading step, that cost grows with length only, and the nights of a store
	@$(BIN)/python benchmarks/grammars.py
	@$(BIN)/python benchmarks/store.py

bench-peers: $(READY) ## the same beside other libraries, installed into .bench-venv
	@python=$$($(FIND_PYTHON)); for peers in peers store_peers; do \
		test -x .bench-venv/$$peers/bin/python || "$$python" -m venv .bench-venv/$$peers; \
		.bench-venv/$$peers/bin/$(PIP) -r benchmarks/$$peers.txt || exit 1; done
	@$(BIN)/python benchmarks/grammars.py --peers .bench-venv/peers/bin/python
	@$(BIN)/python benchmarks/store.py --peers .bench-venv/store_peers/bin/python

fuzz: $(READY) ## a million generated texts through the grammars, in a few minutes
	@$(BIN)/python benchmarks/fuzz.py

lock: ## requirements.lock anew: the newest versions that pyproject.toml allows
	@python=$$($(FIND_PYTHON)); "$$python" -m venv --clear .lock-venv
	@.lock-venv/bin/$(PIP) --upgrade pip
	@.lock-venv/bin/$(PIP) 'hatchling>=1.27' editables
	@.lock-venv/bin/$(PIP) --no-build-isolation --group dev -e '.[postgres,dask]'
	@{ echo '# Tested versions, for `pip install -r`. Made by `make lock`; edit pyproject.toml instead.'; \
		.lock-venv/bin/python -m pip freeze --exclude-editable --exclude pip; } > requirements.lock
	@rm -rf .lock-venv

clean: ## remove environments and caches; an event store is never touched
	@rm -rf $(VENV) .bench-venv .lock-venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
