# The commands to know: run, test, check, bench, assets.
.PHONY: run test check bench assets wheel pins audit help
.DEFAULT_GOAL := help
PYTHON ?= python3
V := .venv/bin
DATA ?= data

# A process for each core, a file of tests at a time. Real databases, servers and browsers on a busy machine: what
# fails (1) is run once more, alone, and must pass then. A run that did not reach its end is not made up for.
twice = $(2) $(V)/pytest $(1) -n auto --dist loadfile || \
	{ test $$? = 1 && $(2) $(V)/pytest $(1) --last-failed --last-failed-no-failures none; }

help: ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

run: .make/python assets ## set everything up and start the demo council on http://localhost:8000
	@DOORSTEP_DEMO=$${DOORSTEP_DEMO:-1} $(V)/python -m server run

test: .make/dev .make/machine node_modules/.dev assets ## everything: both databases, both stores, the browser
	$(V)/ruff format --check . && $(V)/ruff check .
	npm run --silent types
	$(V)/mypy
	$(V)/lint-imports --no-logo
	$(call twice,tests --ignore tests/phone)
	$(call twice,tests --ignore tests/phone --ignore tests/kill,TESTS_ON_POSTGRES=1)
	$(call twice,tests/phone)

check: .make/dev node_modules/.dev assets ## the fast inner loop: format, lint, types, imports, unit tests
	$(V)/ruff format --check . && $(V)/ruff check .
	npm run --silent types
	$(V)/mypy
	$(V)/lint-imports --no-logo
	$(V)/pytest tests --ignore tests/phone -x

bench: .make/dev .make/machine node_modules/.dev assets ## measure, beside a peer in the same run
	$(V)/python -m bench

assets: node_modules/.made ## build styles, scripts, icons and worker into pwa/static
	@npm run --silent build

wheel: .make/dev assets ## a wheel that carries the built assets
	$(V)/python -m hatchling build -t wheel

# Not part of `make test`: advisories need the network and change by the day, so they would turn a green commit red.
# Strict: where the advisories cannot be had, pip-audit would pass over every package and say nothing was found.
audit: .make/dev node_modules/.dev ## are there known faults in what we depend on? asks the registries
	$(V)/pip-audit --strict --require-hashes --disable-pip -r requirements-dev.txt
	npm audit

pins: .make/dev ## choose versions anew and write the hashes
	$(V)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --upgrade -p 3.11 pyproject.toml -o requirements.txt
	$(V)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --upgrade -p 3.11 pyproject.toml --group dev -o requirements-dev.txt

.make/python: requirements.txt
	@mkdir -p .make
	@test -x $(V)/python || $(PYTHON) -m venv .venv
	@test -f .make/dev || $(V)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.txt
	@touch $@

.make/dev: requirements-dev.txt
	@mkdir -p .make
	@test -x $(V)/python || $(PYTHON) -m venv .venv
	@$(V)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.txt
	@touch $@

.make/machine: tests/machine.sh
	@bash tests/machine.sh
	@mkdir -p .make && touch $@

node_modules/.made: package-lock.json
	@npm ci --silent --omit=dev
	@touch $@

node_modules/.dev: package-lock.json
	@npm ci --silent
	@touch $@ node_modules/.made
