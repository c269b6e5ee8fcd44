# One line each; everything else is behind them. Needs only Python 3.11+ with venv, and no root.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check live clean

demo: .venv/installed  ## the main job with nothing installed: a call to the end, on the built-in switch
	@$(BIN)/ivr demo

test: .venv/tested  ## every test that needs no FreeSWITCH
	$(BIN)/python -m pytest

check: .venv/tested  ## style and layers
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports

live: .venv/tested  ## the same house on a real FreeSWITCH: make live FREESWITCH=<its bin folder>
	FREESWITCH=$(FREESWITCH) $(BIN)/python -m pytest tests/live -v

clean:  ## what make made
	rm -rf .venv build dist *.egg-info

.venv/installed: setup.cfg pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/tested: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,check]'
	@touch $@
