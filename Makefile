# Every target works in a fresh clone: what is missing or stale is installed first, from the hash-locked files.
PYTHON ?= python3
PIP_INSTALL = .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r

.PHONY: install run test test-browser test-exhaustive chaos coverage lint check bench lock

install: .venv/installed

run: .venv/installed
	.venv/bin/python app.py

# On two cores: each worker has a PostgreSQL of its own.
test: .venv/installed-dev
	.venv/bin/python -m pytest -n 2

test-browser: .venv/installed-dev
	.venv/bin/python -m pytest -m browser

test-exhaustive: .venv/installed-dev
	.venv/bin/python -m pytest -m exhaustive

# FULL=1: the whole numbers, which docs/reliability.md tells and which it writes there. Half an hour on two cores.
chaos: .venv/installed-dev
	$(if $(FULL),CHAOS=full) .venv/bin/python -m pytest -m chaos -s

# Which lines and branches the everyday suite runs; fails below the floor in pyproject.toml. It takes twice as long as the suite.
coverage: .venv/installed-dev
	mkdir -p artifacts
	.venv/bin/python -m coverage erase
	.venv/bin/python -m coverage run -m pytest -n 2
	.venv/bin/python -m coverage combine --quiet
	.venv/bin/python -m coverage report

lint: .venv/installed-dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	PYTHONPATH=. .venv/bin/lint-imports

check: lint test

bench: .venv/installed-dev
	.venv/bin/python -m bench

# Needs uv. The two locks name no host and no path; a test holds that.
LOCK = uv pip compile pyproject.toml --all-extras --generate-hashes --universal --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet
lock:
	$(LOCK) -o requirements.lock
	$(LOCK) --group dev -c requirements.lock -o requirements-dev.lock

.venv/installed: requirements.lock
	test -x .venv/bin/python || $(PYTHON) -m venv .venv
	$(PIP_INSTALL) requirements.lock
	touch $@

.venv/installed-dev: requirements-dev.lock .venv/installed
	$(PIP_INSTALL) requirements-dev.lock
	touch $@
