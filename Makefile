# Everything here works on a machine with Python 3.11 or newer and make: the rest is fetched into .venv.
# `make help` lists what there is. PYTHON=/path/to/python picks another interpreter; INTO=docs puts the tables of `make bench`
# and `make accuracy` into the pages of docs/ that show them.

PYTHON ?=
INTO   ?=
PUT    := $(if $(INTO),--into $(INTO))
VENV   := .venv
PYWB   := $(VENV)-pywb
BIN    := $(VENV)/bin
DATA   := data
STORE  := $(DATA)/tracker.duckdb
SHELL  := /bin/sh

# Where the environment forbids Python to keep what it compiled, every start of `tracker` would compile it anew: it is
# compiled with the installation, and the tests' commands may keep it.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench accuracy fit gallery test-browser test-collect test-slow test-spark clean

help:  ## what there is
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | \
	    while IFS='|' read -r name does; do printf '%-18s %s\n' "$$name" "$$does"; done

demo: $(VENV)/.demo  ## read seeds/, show what came out, draw data/history.png, write data/quotes.csv
	@$(BIN)/tracker --store $(STORE) ingest seeds/
	@echo; echo 'The newest quote of each coin (tracker latest):'
	@$(BIN)/tracker --store $(STORE) latest --format table
	@echo; echo 'What is in the store (tracker coverage):'
	@$(BIN)/tracker --store $(STORE) coverage --format table
	@$(BIN)/tracker --store $(STORE) plot BTC ETH XRP BCH -o $(DATA)/history.png
	@$(BIN)/tracker --store $(STORE) plot --kind movers --at 2019-12-03 -o $(DATA)/movers.png
	@$(BIN)/tracker --store $(STORE) export -o $(DATA)/quotes.csv
	@echo; echo 'Charts: $(DATA)/history.png $(DATA)/movers.png   Table: $(DATA)/quotes.csv   Store: $(STORE)'

test: $(VENV)/.test  ## the tests
	@$(BIN)/python -m pytest -n auto --dist worksteal

lint: $(VENV)/.test  ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(VENV)/.bench  ## speed, as tables of ratios
	@$(BIN)/python -m bench $(PUT)

accuracy: $(VENV)/.test  ## how right the finder and the dating by prices are, as tables
	@$(BIN)/python -m bench accuracy dating $(PUT)

gallery: $(VENV)/.test  ## every kind of chart at five sizes, in data/gallery/index.html
	@$(BIN)/python -m bench gallery

fit: $(VENV)/.test  ## the weights of the finder's evidence, from labelled pages; INTO=tracker/finder/weights.py keeps them
	@$(BIN)/python -m bench.fitting $(PUT)

test-slow: $(VENV)/.test  ## what takes minutes: every case of what `make test` asks of some, a watch killed again and again
	@$(BIN)/python -m pytest -n auto --dist worksteal -m slow

test-browser: $(VENV)/.test  ## the report in a real browser (Chromium)
	@$(BIN)/python -m pytest -m browser

test-spark: $(VENV)/.spark  ## a cluster of two executors on this machine, S3 by a server on it (Java 17)
	@$(BIN)/python -m pytest -m spark tests/spark

test-collect: $(VENV)/.test $(PYWB)/.made  ## collecting against pywb, and killed 20 times (KILLS=200: so often)
	@TRACKER_PYWB=$(PYWB)/bin TRACKER_KILLS=$(or $(KILLS),20) $(BIN)/python -m pytest -m pywb tests/collect

clean:  ## remove what was built; data/ is yours and stays
	rm -rf $(VENV) $(PYWB) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp each: the demo needs the program alone, tests their tools, benchmarks what they compare with.
$(VENV)/.demo: $(VENV)/.made pyproject.toml constraints.txt
	@echo 'Installing into $(VENV)' >&2
	@$(BIN)/python -m pip install --quiet -c constraints.txt -e .
	@$(BIN)/python -m compileall -q tracker
	@touch $@

$(VENV)/.test: $(VENV)/.made pyproject.toml constraints.txt
	@echo 'Installing into $(VENV), with the tools of the tests' >&2
	@$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[test]'
	@$(BIN)/python -m compileall -q tracker
	@touch $@ $(VENV)/.demo

$(VENV)/.bench: $(VENV)/.test
	@$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[bench]'
	@touch $@

# Java is asked for first: without it half a gigabyte of PySpark is of no use.
$(VENV)/.spark: $(VENV)/.test
	@version=$$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p'); \
	if [ -z "$$version" ] || [ "$$version" -lt 17 ]; then \
	    [ -z "$$version" ] && found='none was found' || found="this is Java $$version"; \
	    echo "make: Spark needs Java 17 or newer, and $$found;" \
	        "install it: sudo apt-get install openjdk-17-jre-headless" >&2; exit 1; \
	fi
	@$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[test-spark]'
	@touch $@

# pywb pins what the program needs newer: an environment of its own, made with the interpreter of ours.
$(PYWB)/.made: $(VENV)/.test
	@echo 'Making $(PYWB), with pywb for the tests' >&2
	@$(BIN)/python -m venv $(PYWB) && $(PYWB)/bin/python -m pip install --quiet 'pywb==2.10.0' 'cdxj-indexer==1.5.0' \
	    || { echo 'make: pywb could not be installed; the tests of collecting need it' >&2; rm -rf $(PYWB); exit 1; }
	@touch $@

# The first interpreter that is new enough and can make a virtual environment; else say what is missing.
$(VENV)/.made:
	@old= ; novenv= ; \
	for python in $(or $(PYTHON),python3.13 python3.12 python3.11 python3); do \
	    version=$$($$python -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue; \
	    if ! $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
	        old="$$old $$python is Python $$version;"; \
	    elif ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
	        novenv="$$version"; \
	    else \
	        echo "Making $(VENV) with Python $$version ($$python)" >&2; \
	        $$python -m venv $(VENV) && touch $@ && exit 0; exit 1; \
	    fi; \
	done; \
	if [ -n "$$novenv" ]; then \
	    echo "make: Python $$novenv lacks the venv module; install it: sudo apt-get install python$$novenv-venv" >&2; \
	else \
	    echo "make: Python 3.11 or newer is needed;$${old:- no python3 was found;}" \
	        "install one, or say which: make PYTHON=/path/to/python3" >&2; \
	fi; exit 1
