# One line each; everything else is behind them. Needs only Python 3.11+ with venv, and no root.
PYTHON ?= python3
POSTGRESQL ?= $(lastword $(sort $(wildcard /usr/lib/postgresql/*/bin)))
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable

.PHONY: demo test check audit live postgresql tapes fuzz bench bench-live chaos chaos-live soak docs clean

demo: .venv/installed  ## the main job with nothing installed: a call to the end, on the built-in switch
	@$(BIN)/ivr demo

test: .venv/tested  ## every test that needs no FreeSWITCH
	$(BIN)/python -m pytest -n auto --dist worksteal

check: .venv/checked  ## style and layers
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports

audit: .venv/audited  ## has a package we stand on a known vulnerability?
	@$(BIN)/python -m tests.audit

live: .venv/tested  ## the same house on a real FreeSWITCH: make live FREESWITCH=<its bin folder>
	FREESWITCH=$(FREESWITCH) $(BIN)/python -m pytest tests/live -v

postgresql: .venv/stored  ## the store's tests on a PostgreSQL too: make postgresql POSTGRESQL=<its bin folder>
	POSTGRESQL=$(POSTGRESQL) $(BIN)/python -m pytest tests/store tests/test_postgresql.py -v

tapes: .venv/tested  ## record every flow of a first call anew; from a real one: make tapes FREESWITCH=<its bin folder>
	FREESWITCH=$(FREESWITCH) $(BIN)/python -m tests.tapes.record_calls $(if $(FREESWITCH),--live)

fuzz: .venv/fuzzed  ## any bytes at every border, guided by coverage: make fuzz SECONDS=600
	$(BIN)/python -m tests.fuzz.run $(or $(SECONDS),120)

bench: .venv/benched  ## how fast, as ratios in one run: docs/speed.md (about 15 minutes)
	.venv/bench/bin/python -m bench

bench-live: .venv/benched  ## first audio on a real FreeSWITCH: make bench-live FREESWITCH=<its bin folder>
	FREESWITCH=$(FREESWITCH) .venv/bench/bin/python -m bench.live_first_audio

chaos: .venv/installed  ## a bad day: workers killed, tables changed, the database locked: docs/chaos.md (4 minutes)
	$(BIN)/python -m bench.chaos

chaos-live: .venv/tested  ## the same with SIP calls on a real FreeSWITCH: make chaos-live FREESWITCH=<its bin folder>
	FREESWITCH=$(FREESWITCH) $(BIN)/python -m bench.live_chaos

soak: .venv/installed  ## a long day in virtual time, and whether anything grows: docs/soak.md (an hour or two)
	$(BIN)/python -m bench.soak

docs: .venv/tested  ## what is written by a program: the help of commands, pictures, READMEs' blocks
	$(BIN)/python -m tests.docs.write

clean:  ## what make made
	rm -rf .venv build dist *.egg-info

.venv/installed: setup.cfg pyproject.toml
	@echo "Setting up .venv (once) ..."
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.11 ..." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(PIP) .
	@touch $@

.venv/tested: .venv/installed
	$(PIP) '.[test]'
	@touch $@

.venv/audited: .venv/tested
	$(PIP) '.[test,audit]'
	@touch $@

.venv/stored: .venv/tested
	$(PIP) '.[test,postgresql]'
	@touch $@

.venv/fuzzed: .venv/tested
	$(PIP) '.[test,fuzz]'
	@touch $@

.venv/checked: .venv/tested
	$(PIP) '.[test,check]'
	@touch $@

# A venv of its own: Genesis, one of the compared, holds rich and typer at older versions.
.venv/benched: .venv/installed
	$(PYTHON) -m venv .venv/bench
	.venv/bench/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@
