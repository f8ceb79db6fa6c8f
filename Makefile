# `make demo` and `make test` need Python 3.11 or newer and nothing else; all goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python

GOLDENS := tests/core tests/worker/test_tables.py
TESTS := -m pytest -n 2 --dist worksteal

# If it were set, each of the hundreds of processes that the tests start would compile all code anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test lint fast proof fuzz mutants goldens bench layout-report clean

help:
	@echo "make demo     build the example sites (Sphinx and MkDocs) and say where they are"
	@echo "make fast     the tests that need no TensorFlow (2 minutes on two cores)"
	@echo "make test     lint, type-check, and the tests of a normal change (8 minutes)"
	@echo "make proof    lint, type-check and every test, with many examples (an hour at most)"
	@echo "make fuzz     the fast tests on random examples that nobody has seen"
	@echo "make mutants  change the code in 40 places, and see whether the fast tests notice"
	@echo "make goldens  draw the expected pictures and graphs of the tests anew: look at them!"
	@echo "make bench    measure speed and memory, as ratios within one run"
	@echo "make layout-report  measure the pictures of all keras.applications"
	@echo "make clean    remove what the other targets made"

demo: $(VENV)/demo
	$(BIN)/python -m sphinx -b html -j auto docs build/sphinx
	$(BIN)/mkdocs build --quiet --config-file docs/mkdocs-example/mkdocs.yml
	@echo
	@echo "Open  $(CURDIR)/build/sphinx/index.html"
	@echo "and   $(CURDIR)/build/mkdocs-example/index.html"

test: lint
	$(BIN)/python $(TESTS) -m "not proof"

proof: lint $(VENV)/proof
	HYPOTHESIS_PROFILE=proof timeout 3600 $(BIN)/python $(TESTS)

fuzz: $(VENV)/test
	HYPOTHESIS_PROFILE=fuzz $(BIN)/python $(TESTS) -m fast

lint: $(VENV)/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fast: $(VENV)/test
	HYPOTHESIS_PROFILE=fast $(BIN)/python $(TESTS) -m fast

mutants: $(VENV)/test
	$(BIN)/python tests/mutants/mutants.py

goldens: $(VENV)/test
	$(BIN)/python tests/graphs/regenerate.py
	-$(BIN)/python -m pytest $(GOLDENS) -q --regen-all  # fails wherever it draws anew
	$(BIN)/python -m pytest $(GOLDENS) -q  # and here if that was not all
	@git status --short tests

bench: $(VENV)/proof
	$(UV) --group bench
	$(BIN)/python tests/bench/site.py
	$(BIN)/python tests/bench/extraction.py
	$(BIN)/python tests/bench/speed.py

layout-report: $(VENV)/test
	$(BIN)/python tests/bench/layout_report.py

$(VENV)/demo: pyproject.toml | $(VENV)/uv
	$(UV) --editable '.[sphinx,mkdocs]' --group docs --group keras
	@touch $@

$(VENV)/test: pyproject.toml | $(VENV)/uv
	$(UV) --editable '.[sphinx,mkdocs]' --group test
	$(UV) --no-deps tf-keras  # it asks for the large build of TensorFlow, but runs on any
	@touch $@ $(VENV)/demo

$(VENV)/proof: $(VENV)/test
	$(UV) --group proof
	$(UV) --no-deps keras-hub tensorflow-text  # likewise
	@touch $@

$(VENV)/uv:
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed: make PYTHON=...')"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@touch $@

clean:
	rm -rf $(VENV) build docs/.cache docs/mkdocs-example/.cache
