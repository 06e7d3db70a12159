# Territorial survey studies. `make` alone prints what can be made.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help install studies lab dashboard test lint format notebooks messages data shapefiles frames benchmark requirements clean

help: ## Print this help
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

install: $(READY) ## Create .venv and install everything (once)

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; this is $$($(PYTHON) -V). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $(READY)

studies: $(READY) ## Run every study on every wave; write reports/index.html
	$(BIN)/studies run

lab: $(READY) ## Open JupyterLab on the notebooks
	$(BIN)/jupyter lab --notebook-dir=notebooks

dashboard: $(READY) ## Open the explorers of all studies as one page, on this machine only
	JUPYTER_PATH=$(CURDIR)/dashboard/templates $(BIN)/voila dashboard/dashboard.ipynb \
		--template=studies --Voila.ip=127.0.0.1

test: $(READY) ## Lint, then run all tests and compare every notebook with its stored outputs
	$(MAKE) --no-print-directory lint
	PYTHONHASHSEED=0 $(BIN)/python -m pytest -q -n 2 --dist loadscope tests
	PYTHONHASHSEED=0 $(BIN)/python -m pytest -q -n 2 --dist loadscope -p no:cacheprovider \
		--nbval --nbval-sanitize-with tests/notebooks/nbval.cfg --nbval-cell-timeout 300 notebooks

lint: $(READY) ## Check style, docstrings and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/lint-imports

format: $(READY) ## Format modules and tests
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format src tests benchmarks

notebooks: $(READY) ## Run the notebooks in place, store their outputs, update the README gallery
	PYTHONHASHSEED=0 $(BIN)/jupyter nbconvert --to notebook --execute --inplace \
		--ExecutePreprocessor.record_timing=False \
		--ExecutePreprocessor.store_widget_state=False notebooks/*.ipynb
	$(BIN)/python -m helpers.run.gallery

messages: $(READY) ## Bring the catalogues of translations up to date with modules and notebooks
	$(BIN)/python -m helpers.run.messages

data: $(READY) ## Rebuild the synthetic waves and the checksums of the register
	$(BIN)/python -m helpers.run.synthesis

shapefiles: $(READY) ## Rebuild the boundaries (needs the network)
	$(BIN)/python -m helpers.run.boundaries

frames: $(READY) ## Rebuild the counts of mayors and the list of communes (needs the network)
	$(BIN)/python -m helpers.run.mayors
	$(BIN)/python -m helpers.run.communes

benchmark: $(READY) ## Print time and memory of the estimates beside R survey, svy and DuckDB, and time of the explorers, of disclosure control and of runs beside papermill's command
	$(BIN)/python benchmarks/estimates.py
	$(BIN)/python benchmarks/explore.py
	$(BIN)/python benchmarks/large.py
	$(BIN)/python benchmarks/runs.py
	$(BIN)/python benchmarks/disclosure.py

requirements: $(READY) ## Pin the newest versions that work together (needs the network)
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --no-header \
		pyproject.toml --output-file requirements.txt

clean: ## Remove reports and caches, keep .venv
	rm -rf reports build .pytest_cache .ruff_cache .hypothesis .import_linter_cache
