# Everything a person types: `make demo`, `make test`, `make check`. `make help` lists them.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.ONESHELL:
.SUFFIXES:
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv pip
# uv takes the venv from here, and nothing from a venv or a Conda that happens to be active.
export VIRTUAL_ENV := $(CURDIR)/.venv
unexport CONDA_PREFIX PYTHONHOME PYTHONPATH
# Trust what the system trusts, as pip does here, where the system keeps a list.
UV_SYSTEM_CERTS ?= $(if $(wildcard /etc/ssl/certs/ca-certificates.crt),true,false)
export UV_SYSTEM_CERTS

.PHONY: help demo test check bench requirements clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

demo: .venv/.ready ## a made-up programme, ready to look at
	@$(BIN)/safar demo

test: .venv/.ready ## every test
	@$(BIN)/python -m pytest tests -n 2 --dist loadgroup

check: .venv/.ready ## format, lint, types, rooms, house rules, the law's content
	@failed=""
	$(BIN)/ruff format --check --output-format concise || failed+=" format"
	$(BIN)/ruff check || failed+=" lint"
	$(BIN)/mypy || failed+=" types"
	$(BIN)/lint-imports --no-cache --no-logo || failed+=" rooms"
	$(BIN)/python -m pytest tests/house || failed+=" house"
	$(BIN)/safar law check || failed+=" law"
	test -z "$$failed" || { echo "make check:$$failed failed" >&2; exit 1; }

bench: .venv/.ready ## the figures of docs/benchmarks.md, measured here
	@$(BIN)/python bench/run.py

requirements: .venv/.ready ## pin the newest versions that pyproject.toml allows
	@$(UV) compile pyproject.toml --quiet --upgrade --extra spark --extra dev --extra build \
	  --universal --python-version 3.11 --fork-strategy fewest \
	  --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make requirements" --output-file requirements.txt

clean: ## forget what was built; the sources stay
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Only what requirements.txt pins by hash is fetched: uv itself first, then the rest, then Safar with what is there.
.venv/.ready: requirements.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	awk '/^[a-z]/ { wanted = /^uv==/ } wanted' requirements.txt > .venv/uv.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
	$(UV) install --quiet --require-hashes --build-constraints requirements.txt -r requirements.txt
	$(UV) install --quiet --no-deps --no-build-isolation --editable .
	touch $@
