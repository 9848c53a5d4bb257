# Short names for the plain commands that the README also gives.

PYTHONS := python3.12 python3.13 python3.14 python3 python
FITS := import ensurepip, sys, venv; sys.exit(not (3, 12) <= sys.version_info[:2] < (3, 15))
VENV := .venv
PYTHON := $(VENV)/bin/python
INSTALL := $(PYTHON) -m pip install --quiet --disable-pip-version-check -r

.PHONY: run test check bench format pins clean

run: $(VENV)/.pins  ## set all up and run the main job
	$(PYTHON) run.py

test: $(VENV)/.pins-dev  ## set all up and run all tests
	$(PYTHON) -m pytest

check: $(VENV)/.pins-dev  ## style, types and the floors of the house
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy
	$(VENV)/bin/lint-imports

bench: $(VENV)/.pins-dev  ## measure the speed on this machine, beside its targets: one table
	$(PYTHON) -m benchmarks

format: $(VENV)/.pins-dev  ## put the code into its form
	$(PYTHON) -m ruff check --fix
	$(PYTHON) -m ruff format

pins: $(VENV)/.pins-dev  ## compile both lists of pins from pyproject.toml; delete a list to raise all its pins
	$(PYTHON) -m uv pip compile $(PINNING) pyproject.toml -o requirements.txt
	$(PYTHON) -m uv pip compile $(PINNING) --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

PINNING := --quiet --universal --python-version 3.12 --no-emit-index-url --no-annotate --no-header

clean:  ## take away what these commands made, but for results
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp in the environment says which pins stand in it, so that pip runs only when they change.
$(VENV)/.pins: requirements.txt | $(PYTHON)
	@$(PYTHON) -c '$(FITS)' || { echo "$(VENV) is not of Python 3.12 to 3.14: make clean, then try again."; exit 1; }
	$(INSTALL) requirements.txt
	@touch $@

$(VENV)/.pins-dev: requirements-dev.txt | $(VENV)/.pins
	$(INSTALL) requirements-dev.txt
	@touch $@

$(PYTHON):
	@for python in $(PYTHONS); do \
	    if "$$python" -c '$(FITS)' 2>/dev/null; then \
	        echo "Making $(VENV) with $$("$$python" --version)"; \
	        exec "$$python" -m venv --clear $(VENV); \
	    fi; \
	done; \
	echo "Winset needs Python 3.12, 3.13 or 3.14 with its venv module, and found none of them as:"; \
	echo "    $(PYTHONS)"; \
	echo "Install one, for example: apt install python3-venv | brew install python@3.12 | pyenv install 3.12"; \
	exit 1
