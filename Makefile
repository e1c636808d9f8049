# Everything a user or a CI run needs; each target sets up what it uses.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
# Half as many again as there are processors: many tests wait for real packets.
JOBS ?= $(shell echo $$(($$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN) * 3 / 2)))

.PHONY: demo test lint parity bench golden schema setup clean

demo: setup
	$(BIN)/gwsim demo

# Where a machine has too much to do, real gateways are late. What fails beside all the others is
# run once more by itself, and only then it counts; both are told.
test: lint
	$(BIN)/pytest -q -n $(JOBS) tests scenarios || \
	  $(BIN)/pytest -q --last-failed --last-failed-no-failures none tests scenarios

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

parity: setup
	$(BIN)/python -m tests.parity netns --jobs 5
	$(BIN)/python -m tests.parity docker

bench: setup
	$(BIN)/pytest -q benchmarks --benchmark-only --benchmark-disable-gc
	$(BIN)/python benchmarks/bench_throughput.py

golden: setup
	GWSIM_UPDATE_GOLDEN=1 $(BIN)/pytest -q tests/vendors tests/capture && git diff --stat

schema: setup
	$(BIN)/python -m gwsim.lab.schema

setup: $(VENV)/ready

$(VENV)/ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "gwsim needs Python 3.11 or newer; try: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --editable '.[dev]'
	$(BIN)/python -m compileall -q gwsim  # where Python writes no bytecode, each start would compile
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
