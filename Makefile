# Every command of the project. `make` prints the list. Where there is no make, ./entrypoint.sh starts the product.
#   PORT=8001 make run              PYTHON=python3.12 make run         make test ARGS="tests/core -k paging"

PY := .venv/bin/python
SCRATCH := .venv/scratch
# Checks look at the product as it runs in production, whatever this shell or .env says.
IN_PRODUCTION = env -i PATH="$$PATH" HOME="$$HOME" LANG=C.UTF-8 IGNORE_DOTENV=1 DEBUG=false \
	SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))')" \
	PUBLIC_URL=https://qstorm.example ALLOWED_HOSTS=qstorm.example DATABASE_URL=sqlite://:memory:
PRODUCTION = $(IN_PRODUCTION) $(PY) manage.py

.PHONY: help run test test-slow chaos demo check check-code check-types check-imports check-django check-docs check-messages \
	fix bench docs openapi messages lock dev

help: ## print this list
	@awk -F ':[^#]*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: ## from a fresh clone to a running server on PORT (8000); Ctrl-C stops it
	@./entrypoint.sh run

test: dev ## the test suite (SQLite; DATABASE_URL=postgresql://... for PostgreSQL; ARGS for pytest)
	@$(PY) -m pytest -n 2 $(ARGS)

test-slow: dev ## the tests that take minutes
	@$(PY) -m pytest -m slow $(ARGS)

chaos: dev ## kill the worker fifty times in the middle of a session (SQLite and PostgreSQL; minutes)
	@$(PY) -m pytest -m slow tests/faults -k "chaos or postgres" $(ARGS)

demo: dev ## the main path over HTTP on real data, as tables (DEMO_URL=http://... for a running server)
	@$(PY) tests/journeys/demo.py

check: check-code check-types check-imports check-django check-docs check-messages ## all that is checked without running tests

check-code: dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

check-types: dev
	@echo "mypy"; $(IN_PRODUCTION) .venv/bin/mypy .

check-imports: dev
	.venv/bin/lint-imports

check-django: dev
	@echo "makemigrations --check"; $(PRODUCTION) makemigrations --check --dry-run
	@echo "check --deploy"; $(PRODUCTION) check --deploy --fail-level WARNING

check-docs: dev
	@mkdir -p $(SCRATCH)
	@echo "docs/openapi.yaml"; $(PRODUCTION) spectacular --validate --fail-on-warn --file $(SCRATCH)/openapi.yaml
	@echo "docs/data-model.md"; $(PRODUCTION) datamodel > $(SCRATCH)/data-model.md
	@echo "docs/reasons.md"; $(PRODUCTION) reasons > $(SCRATCH)/reasons.md
	@for page in openapi.yaml data-model.md reasons.md; do \
		diff -u docs/$$page $(SCRATCH)/$$page || { echo "docs/$$page is stale: make docs"; exit 1; }; \
	done

check-messages: dev
	@mkdir -p $(SCRATCH)
	@command -v msgfmt >/dev/null || { echo "gettext is not installed: translations are left unchecked"; exit 0; }; \
	for catalogue in $$(find locale -name '*.po'); do \
		echo "msgfmt --check $$catalogue"; \
		msgfmt --check --statistics --output-file=$(SCRATCH)/messages.mo "$$catalogue" 2>$(SCRATCH)/messages.txt || \
			{ cat $(SCRATCH)/messages.txt; exit 1; }; \
		if grep -E 'fuzzy|untranslated' $(SCRATCH)/messages.txt; then echo "$$catalogue is not complete"; exit 1; fi; \
	done

fix: dev ## mend what ruff can mend, and format
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

bench: dev ## the main path over HTTP against plain pandas, as ratios (ARGS="10000 1000000" rows)
	@$(PY) -m benchmarks.http $(ARGS)

docs: openapi ## regenerate docs/openapi.yaml, docs/data-model.md and docs/reasons.md from the code
	@$(PRODUCTION) datamodel > docs/data-model.md
	@$(PRODUCTION) reasons > docs/reasons.md

openapi: dev ## regenerate docs/openapi.yaml alone
	@$(PRODUCTION) spectacular --validate --fail-on-warn --file docs/openapi.yaml

messages: dev ## collect messages into locale/*.po and compile them (needs gettext)
	@$(PRODUCTION) makemessages --locale ja --no-location --no-obsolete --ignore '.venv/*' --ignore 'tests/*'
	@$(PRODUCTION) compilemessages --locale ja --ignore '.venv'

lock: dev ## recompile the locked requirements (ARGS=--upgrade takes newer versions)
	.venv/bin/uv pip compile --quiet --universal --python-version 3.11 $(ARGS) requirements.in -o requirements.txt
	.venv/bin/uv pip compile --quiet --universal --python-version 3.11 $(ARGS) requirements-dev.in -o requirements-dev.txt

dev:
	@./entrypoint.sh setup dev
