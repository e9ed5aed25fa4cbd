# The whole project in four words: setup, run, ui, test.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
CRATE  := .venv-crate

.PHONY: setup run ui serve test lint schemas pictures train train-onnx lock crate-validator clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v=sys.version_info[:2]; sys.exit(None if (3,11)<=v<(3,14) else "claimgate needs Python 3.11, 3.12 or 3.13; this is %d.%d. Say which one to use: make PYTHON=python3.12" % v)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what requirements.lock pins into $(VENV)/ (once; a few minutes) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: setup
	@$(BIN)/claimgate run
	@$(BIN)/claimgate --demo activate gate-1 --on 2027-01-01 --policy warehouse/sample/policies/gate-1.v2.yaml

ui: setup
	@$(BIN)/claimgate --demo ui

serve: setup
	@$(BIN)/claimgate --demo serve

test: setup lint
	@$(BIN)/python -m pytest -n auto --dist loadfile

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

# The schemas of our own contracts, made of the models: after a change of the manifest.
schemas: setup
	@$(BIN)/python -m pipelines.publication.contracts.manifest_schema pipelines/publication/contracts/schemas

# roc-validator, by which the tests hold RO-Crates against the standard: apart, as it needs an older rich than we do.
crate-validator: $(CRATE)/.installed

$(CRATE)/.installed: tests/tools/roc-validator.lock
	@test -x $(CRATE)/bin/python || $(PYTHON) -m venv $(CRATE)
	@$(CRATE)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $<
	@touch $@

# Those of docs/img/, taken of the demo; needs a Chromium.
pictures: setup
	@PYTHONPATH=. $(BIN)/python -m benchmarks.pictures

# Both need CLAIMGATE_CORPUS: the folder with the labelled data.
train: setup
	@PYTHONPATH=. $(BIN)/python benchmarks/train_features.py
	@PYTHONPATH=. $(BIN)/python benchmarks/reliability_plot.py

# Torch and transformers are not among the requirements: see CONTRIBUTING.md.
train-onnx:
	@PYTHONPATH=. $(PYTHON) benchmarks/train_cross_encoder.py $(OUT) --abstracts scifact=$(CLAIMGATE_CORPUS)/claims/scifact/corpus.jsonl --without $(CLAIMGATE_CORPUS)/claims/scifact/claims_train.jsonl --int8

lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header -o requirements.lock
	uv pip compile tests/tools/roc-validator.in --universal --python-version 3.11 --generate-hashes --no-header -o tests/tools/roc-validator.lock

clean:
	rm -rf $(VENV) $(CRATE) warehouse/data
