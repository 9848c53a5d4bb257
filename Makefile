# Short names for the commands of the project. `make` alone lists them.

PYTHONS := python3.12 python3.13 python3.14 python3 python
FITS := import ensurepip, sys, venv; sys.exit(not (3, 12) <= sys.version_info[:2] < (3, 15))
VENV := .venv
PYTHON := $(VENV)/bin/python
# Python compiles a module when it is first imported, and most of what is installed never is.
# Where the environment forbids that, pip must compile, or each start would take seconds longer.
COMPILE := $(if $(PYTHONDONTWRITEBYTECODE),--compile,--no-compile)
INSTALL := $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes $(COMPILE) -r
PINNING := --quiet --universal --python-version 3.12 --no-emit-index-url --no-annotate --no-header --generate-hashes

.DEFAULT_GOAL := help
.PHONY: help run test check docs bench format pins sbom audit clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/.pins  ## install everything into .venv and run the default scenario
	$(PYTHON) run.py

test: $(VENV)/.pins-dev  ## run all tests
	$(PYTHON) -m pytest

check: $(VENV)/.pins-dev  ## check style, types and the layers of imports
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy
	$(VENV)/bin/lint-imports

docs: $(VENV)/.pins-dev  ## build the documentation site into site/ and check its links
	rm -rf site
	$(PYTHON) -m docsite site
	@echo "Open site/index.html in a browser."

bench: $(VENV)/.pins-dev  ## measure the speed on this machine and compare it with the targets
	$(PYTHON) -m benchmarks

format: $(VENV)/.pins-dev  ## format the code and fix what can be fixed automatically
	$(PYTHON) -m ruff check --fix
	$(PYTHON) -m ruff format

# uv keeps the pins that are in a file. Delete the file to raise all of its pins.
pins: $(VENV)/.pins-dev  ## add pins for new requirements in pyproject.toml, without raising others
	$(PYTHON) -m uv pip compile $(PINNING) pyproject.toml -o requirements.txt
	$(PYTHON) -m uv pip compile $(PINNING) --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

sbom: $(VENV)/.pins-dev  ## write a bill of materials (CycloneDX) and a list of licences into sbom/
	mkdir -p sbom
	$(VENV)/bin/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml --output-reproducible -o sbom/winset.cdx.json
	$(VENV)/bin/pip-licenses --format=markdown --with-system --order=license --output-file=sbom/licences.md

# The service that knows the vulnerabilities is on the network. pip-audit is installed for this alone.
audit: $(VENV)/.pins-dev  ## compare the pins with known vulnerabilities (needs a network)
	$(PYTHON) -m uv tool run pip-audit --disable-pip --require-hashes -r requirements.txt

clean:  ## remove .venv, the caches and site/; keep results
	rm -rf $(VENV) site .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp file in the environment is as new as the installed pins, so pip runs only if they change.
$(VENV)/.pins: requirements.txt | $(PYTHON)
	@$(PYTHON) -c '$(FITS)' || { echo "$(VENV) does not have Python 3.12 to 3.14. Run make clean, then try again."; exit 1; }
	$(INSTALL) requirements.txt
	-@$(PYTHON) -m model.tracing  # once: the machine of the traced engine, about 10 seconds
	@touch $@

$(VENV)/.pins-dev: requirements-dev.txt | $(VENV)/.pins
	$(INSTALL) requirements-dev.txt
	@touch $@

# Create the environment with the first Python that fits.
$(PYTHON):
	@for python in $(PYTHONS); do \
	    if "$$python" -c '$(FITS)' 2>/dev/null; then \
	        echo "Creating $(VENV) with $$("$$python" --version)"; \
	        exec "$$python" -m venv --clear $(VENV); \
	    fi; \
	done; \
	echo "Winset needs Python 3.12, 3.13 or 3.14 with its venv module, but found none of these:"; \
	echo "    $(PYTHONS)"; \
	echo "Install one, for example: apt install python3-venv | brew install python@3.12 | pyenv install 3.12"; \
	exit 1
