# make demo   set up, then show the main job on recorded and real data
# make test   set up, then run the tests
# make check  formatting, lint, types
PYTHON ?= python3
VENV ?= .venv
TESTS ?= tests
BIN := $(VENV)/bin

.PHONY: demo test check clean

demo: $(VENV)/.lithify
	@$(BIN)/lithify demo

test: $(VENV)/.lithify-dev
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal $(TESTS)

check: $(VENV)/.lithify-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "lithify needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.lithify: $(BIN)/python pyproject.toml
	@echo "setting up in $(VENV) (once; about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.lithify-dev: $(BIN)/python pyproject.toml
	@echo "setting up in $(VENV) (once; about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.lithify

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
