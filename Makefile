# Frontdoor: `make demo` runs it, `make test` tests it. Both set themselves up in .venv.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-print-directory --no-builtin-rules

VENV := .venv
BIN := $(VENV)/bin
PYTHONS := $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11
TYPED := app chat routing telephony widgets tests

# uv from the PATH, else the one that this file puts into the environment, else its own.
uv := uv=$$(command -v uv || ls $(VENV)/uv/bin/uv $(BIN)/uv 2>/dev/null | head -n 1); \
    [ -n "$$uv" ] || { echo '$(VENV) was not made here: remove it, then run this again.' >&2; exit 1; }; "$$uv"

# Trust whom the machine trusts (offices inspect traffic), and never fetch another Python.
export UV_SYSTEM_CERTS ?= true
export NODE_USE_SYSTEM_CA ?= 1
export UV_PYTHON_DOWNLOADS := never

.PHONY: help demo test check bench kills nodes fuzz forged machines states years pictures words pins vendor clean
.PHONY: format lint types scripts arrows

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.demo ## Run Frontdoor here, with four example services and people on duty
	@$(BIN)/frontdoor demo

test: $(VENV)/.npm ## Run every check and every test
	@$(MAKE) --keep-going format lint types scripts; checks=$$?; \
	$(BIN)/python -m tests.browser; \
	$(BIN)/pytest -n 2 --dist worksteal && exit $$checks

check: format lint types scripts arrows ## Check format, lint, strict types, scripts, arrows and pins

pictures: $(VENV)/.test ## Take the README's pictures anew
	@$(BIN)/python -m tests.pictures

bench: $(VENV)/.test ## Measure speed and memory
	@$(BIN)/python -m tests.bench

kills: $(VENV)/.test ## Kill the server 200 times while people write, and judge what is kept
	@$(BIN)/python -m tests.proof kills

nodes: $(VENV)/.test ## Kill and freeze three nodes while 2,000 people arrive
	@$(BIN)/python -m tests.proof nodes

words: $(VENV)/.demo ## Bring the catalogue of languages in step with the code
	@$(BIN)/python -m app.words

fuzz: $(VENV)/.test ## Send 250,000 bent frames to both faces
	@$(BIN)/python -m tests.proof fuzz

forged: $(VENV)/.test ## Send 20,000 forged and 2,000 replayed webhooks, and count the rows that change
	@$(BIN)/python -m tests.proof.forged

machines: $(VENV)/.test ## Play each state machine 2,000 times, 60 steps each
	@MACHINE_RUNS=2000 $(BIN)/pytest -m machine -n 2

states: $(VENV)/.test ## Judge every state of the console at every width
	@EVERY_WIDTH=1 $(BIN)/pytest -n 2 tests/widgets/test_console_states.py

years: $(VENV)/.test ## Live a year of each example service, and find who was left alone
	@$(BIN)/python -m tests.proof.years

pins: $(VENV)/.test ## Resolve the dependencies again and write the requirements files
	@$(BIN)/python -m tests.pins

vendor: $(VENV)/.test ## Write widgets/vendor/ again from the packages it names
	@$(BIN)/python widgets/vendor.py write $(VENV)/npm

clean: ## Remove the environment and every cache, and no data
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The parts of `make check`

format: $(VENV)/.test
	@$(BIN)/ruff format --check --quiet . || { echo 'Put it right with: $(BIN)/ruff format .'; exit 1; }

lint: $(VENV)/.test
	@$(BIN)/ruff check --quiet .

types: $(VENV)/.test
	@$(BIN)/mypy --no-error-summary $(TYPED)

scripts: $(VENV)/.npm
	@$(BIN)/python widgets/vendor.py types $(VENV)/npm
	@$(BIN)/python widgets/vendor.py check $(VENV)/npm

arrows: $(VENV)/.test
	@$(BIN)/pytest -q tests/test_architecture.py tests/test_pins.py

# The environment, made once and again when the pins change

$(VENV)/.demo: requirements.txt pyproject.toml | $(BIN)/python
	@rm -f $(VENV)/.test
	@echo 'Installing what Frontdoor needs into $(VENV)'
	@$(uv) pip sync --quiet --require-hashes --python $(BIN)/python requirements.txt
	@$(uv) pip install --quiet --no-deps --python $(BIN)/python --editable .
	@touch $@

$(VENV)/.test: requirements-dev.txt pyproject.toml | $(BIN)/python
	@echo 'Installing what Frontdoor and its tests need into $(VENV)'
	@$(uv) pip sync --quiet --require-hashes --python $(BIN)/python requirements-dev.txt
	@$(uv) pip install --quiet --no-deps --python $(BIN)/python --editable .
	@touch $(VENV)/.demo $@

$(VENV)/.npm: widgets/package-lock.json | $(VENV)/.test
	@$(BIN)/python widgets/vendor.py install $(VENV)/npm
	@touch $@

# uv is held by its hash in requirements-dev.txt. It stays outside the installed packages,
# so that a sync to the smaller set does not remove it.
$(BIN)/python:
	@for python in $(PYTHONS); do \
	    if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	    echo 'Frontdoor needs Python 3.11 or newer: install it, then run this again.' >&2; exit 1; \
	fi; \
	if command -v uv >/dev/null; then \
	    uv venv --quiet --allow-existing --python "$$found" $(VENV); exit; \
	fi; \
	if ! "$$found" -m pip --version >/dev/null 2>&1; then \
	    echo 'Frontdoor needs uv, or pip to fetch uv: install either one, then run this again.' >&2; exit 1; \
	fi; \
	"$$found" -m venv --without-pip $(VENV) && \
	sed -n '/^uv==/,/[^\\]$$/p' requirements-dev.txt > $(VENV)/uv.txt && \
	"$$found" -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps --require-hashes \
	    --target $(VENV)/uv --requirement $(VENV)/uv.txt || { rm -rf $(VENV); exit 1; }
