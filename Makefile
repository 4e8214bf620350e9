# Reproduction suite: every target sets up what it needs; Python and make suffice.
PYTHON  ?= python3
SEEDS   ?= 1
JOBS    ?= $(shell nproc 2>/dev/null || echo 1)
OUT     ?= results/latest
ARCH    ?= 1
CLUSTER ?=
BIN     := .venv/bin
RUN     = $(BIN)/python -m reproduce
WHERE   = $(if $(CLUSTER),--cluster $(CLUSTER),--jobs $(JOBS))
# Deletes what is ours in a folder, which comes by the environment: no name is too odd.
DELETE  = @$(or $(wildcard $(BIN)/python),$(PYTHON)) -m reproduce.cleaning
export OUT
READY  := $(if $(CLUSTER),cluster,setup)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup lock reproduce arch1 arch2 arch3 arch4 arch5 smoke report \
  test mutate lint bench published sweep paths verify stress cluster browser exporters \
  pictures peers clean purge

help:  ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  Settings: SEEDS=$(SEEDS) JOBS=$(JOBS) OUT=$(OUT) ARCH=$(ARCH) CLUSTER=$(CLUSTER)"

setup: .venv/installed  ## Install the requirements into .venv (2 minutes, once)

.venv/installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	  { echo "make: Python 3.11 to 3.13 is needed; try make PYTHON=python3.11"; exit 2; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes --requirement requirements.lock
	touch $@

lock:  ## Pin all that requirements.txt brings along, by hash, in requirements.lock
	$(PYTHON) -m venv .venv/uv
	.venv/uv/bin/pip install --quiet uv==0.13.9
	.venv/uv/bin/uv pip compile requirements.txt --universal --python-version 3.11 \
	  --generate-hashes --no-annotate --no-header --quiet --output-file requirements.lock

reproduce: $(READY)  ## Train all 35 cells, then write tables and figures
	$(RUN) run --seeds $(SEEDS) $(WHERE) --out "$$OUT"
	$(RUN) report --out "$$OUT"

arch1: $(READY)  ## One architecture, its seven methods and tables (arch1 … arch5)
arch1 arch2 arch3 arch4 arch5: arch%: $(READY)
	$(RUN) run --architectures $* --seeds $(SEEDS) $(WHERE) --out "$$OUT"
	$(RUN) report --out "$$OUT"

smoke: $(READY)  ## The whole pipeline on a small budget (2 minutes)
	$(RUN) run --max-epochs 3 --subset 300 $(WHERE) --out results/smoke
	$(RUN) report --out results/smoke

report: setup  ## Tables and figures from the records in OUT, no training (seconds)
	$(RUN) report --out "$$OUT"

published: $(READY)  ## Train every published study that is missing (more than a day of one core)
	$(RUN) run --study all $(WHERE) --out results/reference

sweep: $(READY)  ## Give every method the same learning rates on ARCH (20 minutes)
	$(RUN) sweep --architecture $(ARCH) --seeds 3 $(WHERE) --out "$$OUT"

paths: setup  ## Draw where the methods go on the loss surface of ARCH (10 minutes)
	$(RUN) paths --architecture $(ARCH) --out "$$OUT"

verify: $(READY)  ## Check OUT, and three cells trained again, against the published (1 minute)
	$(RUN) verify --out "$$OUT" --against results/reference $(WHERE)

test: setup  ## Run the tests (minutes)
	$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadfile

mutate: .venv/mutate  ## Bend the rules of judgement one by one; do tests notice? (an hour)
	$(BIN)/mutmut run --max-children $(JOBS)
	$(BIN)/mutmut results

.venv/mutate: .venv/installed requirements-mutate.txt
	$(BIN)/pip install --quiet --requirement requirements-mutate.txt
	touch $@

cluster: .venv/cluster  ## Dask, to train on several machines (CLUSTER=tcp://… or file:…)

.venv/cluster: .venv/installed requirements-cluster.txt
	$(BIN)/pip install --quiet --requirement requirements-cluster.txt
	touch $@

browser: .venv/browser  ## Chromium and playwright, to test and picture the page

.venv/browser: .venv/installed requirements-browser.txt
	{ command -v chromium || command -v chromium-browser; } >/dev/null || { apt-get update -qq && \
	  apt-get install -qq -y --no-install-recommends chromium fonts-liberation; } || \
	  { echo "make: install Chromium first (as root: apt-get install chromium)"; exit 2; }
	$(BIN)/pip install --quiet --requirement requirements-browser.txt
	touch $@

exporters: .venv/exporters  ## ONNX, for `export --format onnx`

.venv/exporters: .venv/installed requirements-export.txt
	$(BIN)/pip install --quiet --requirement requirements-export.txt
	touch $@

pictures: browser  ## Pictures of the page in OUT, for the README (seconds)
	$(BIN)/python -m reproduce.publish.screenshots "$$OUT"

lint: setup  ## Check style and formatting (seconds)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

stress: setup  ## Kill, corrupt and crowd short runs, and count losses (half an hour)
	$(RUN) stress --out "$$OUT/stress"

peers: .venv/peers  ## JAX and PyTorch, to measure beside the engine in `make bench`

.venv/peers: .venv/installed requirements-bench.txt
	$(BIN)/pip install --quiet --requirement requirements-bench.txt
	touch $@

bench: setup  ## Measure the engine beside stock fit and its peers (idle machine)
	$(RUN) bench --out "$$OUT/bench"

clean:  ## Delete what can be rebuilt in minutes
	$(DELETE) clean "$$OUT"
	$(CACHES)

purge:  ## Also delete the runs in OUT, which take long
	$(DELETE) purge "$$OUT"
	$(CACHES)

define CACHES
$(DELETE) purge results/smoke
find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
rm -rf .pytest_cache .ruff_cache mutants
endef
