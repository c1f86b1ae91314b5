# Two commands matter: `make demo` and `make test`. Both stand on `make setup`.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2

.PHONY: setup demo test test-slow check bench pictures lock system clean

setup: $(VENV)/.stamp-lock $(VENV)/.stamp-project $(VENV)/.stamp-parish

$(VENV)/bin/uv:
	python3 -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep -oE '^uv==[^ ]+' requirements.lock)"

$(VENV)/.stamp-lock: requirements.lock | $(VENV)/bin/uv
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync --quiet --require-hashes requirements.lock
	@touch $@
	@rm -f $(VENV)/.stamp-project

# The build hook builds web/ when its content stamp has changed.
$(VENV)/.stamp-project: pyproject.toml $(VENV)/.stamp-lock $(shell find web -path web/node_modules -prune -o -type f -print 2>/dev/null)
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# The demo's parish takes half a minute to make, and is kept until what makes it changes.
PARISH := $(addprefix src/redstick/,simulation/parish geo policies kernel/authority adapters/cedar)
$(VENV)/.stamp-parish: $(VENV)/.stamp-project $(shell find $(PARISH) -type f -not -name '*.pyc' 2>/dev/null)
	$(BIN)/redstick demo --prepare
	@touch $@

demo: setup
	$(BIN)/redstick demo

# System packages that tests need; installs them where it may, else says which are missing.
system: setup
	@bash .ci/system-packages

check: setup
	$(BIN)/ruff check src tests benchmarks build_hooks
	$(BIN)/ruff format --check src tests benchmarks build_hooks
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python build_hooks/web.py check test

test: setup system check
	$(BIN)/pytest -n $(WORKERS) --dist worksteal -m "not slow"

test-slow: setup system
	$(BIN)/pytest -n $(WORKERS) --dist worksteal -m "slow"

bench: setup
	$(BIN)/redstick bench

# The README's screenshots of the running demo, at a fixed seed.
pictures: setup system
	$(BIN)/python tests/browser/pictures.py

# Hashes, no addresses: see docs/decisions.
lock: $(VENV)/bin/uv
	$(BIN)/uv pip compile --quiet --generate-hashes --extra dev --python-version 3.11 --no-emit-index-url --no-header pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) web/node_modules web/dist src/redstick/server/static
