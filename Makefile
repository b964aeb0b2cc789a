# `make demo` and `make test` are all that a newcomer needs; `make help` lists the rest.
.DEFAULT_GOAL := help
VENV ?= .venv
BIN := $(VENV)/bin
DEMO ?= demo
JOBS ?= 2
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
# Bytecode is written as modules are first imported: compiling all of them takes longer.
INSTALL := $(PIP) install --no-compile
# A test that hangs says where, and ends the run.
HANGS := -o faulthandler_timeout=900 -o faulthandler_exit_on_timeout=true

.PHONY: help demo test setup check lock upgrade locks fix lint types mypy pyright client imports \
  props slow \
  conformance golden cluster coverage intervals bench docs generate notices wheel clean

help: ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

demo: $(VENV)/.run ## set up, run the demo, print where its report is
	@if [ -e $(DEMO)/shroff.toml ]; then echo "$(DEMO) is there already; its report is written anew."; \
	  $(BIN)/shroff report --workspace $(DEMO); else $(BIN)/shroff demo $(DEMO); fi

test: $(VENV)/.dev ## set up for development, run the tests
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup $(HANGS) $(ARGS)

# Tests run side by side: linear algebra with threads of its own would make them wait for each other.
test props coverage: export OPENBLAS_NUM_THREADS = 1
test props coverage: export OMP_NUM_THREADS = 1

setup: $(VENV)/.dev ## set up for development

check: locks lint types imports test docs wheel ## everything that CI runs

$(VENV)/.run: requirements/run.lock requirements/build.lock pyproject.toml scripts/venv.sh
	@scripts/venv.sh $(VENV)
	@echo "Installing what Shroff needs into $(VENV)"
	@$(INSTALL) --require-hashes --requirement requirements/run.lock \
	  --requirement requirements/build.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.lock pyproject.toml scripts/venv.sh
	@scripts/venv.sh $(VENV)
	@echo "Installing what developing Shroff needs into $(VENV)"
	@$(INSTALL) --require-hashes --requirement requirements/dev.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $(VENV)/.run $@

$(VENV)/.bench: requirements/bench.lock $(VENV)/.dev
	@$(INSTALL) --require-hashes --requirement requirements/bench.lock
	@touch $@

lock: $(VENV)/.dev ## write the locks anew after a change in pyproject.toml
	scripts/lock.sh

upgrade: $(VENV)/.dev ## write the locks anew with the newest versions
	UPGRADE=yes scripts/lock.sh

locks: $(VENV)/.dev ## check that the locks are complete, hashed and name no registry
	$(BIN)/python scripts/check_locks.py

fix: $(VENV)/.dev ## repair what ruff can repair, format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lint: $(VENV)/.dev ## ruff, rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: mypy pyright client ## mypy and pyright, both strict; tsc on the dashboard's scripts

mypy: $(VENV)/.dev
	$(BIN)/mypy

pyright: $(VENV)/.dev
	$(BIN)/pyright

client: $(VENV)/.dev
	$(BIN)/python scripts/check_client.py

imports: $(VENV)/.dev ## rooms import only downward
	$(BIN)/lint-imports

props: $(VENV)/.dev ## the property tests alone, with many more examples
	$(BIN)/python -m pytest -n $(JOBS) -m "hypothesis and not slow" --hypothesis-profile=thorough $(ARGS)

slow: $(VENV)/.dev ## long simulations and fault tests
	$(BIN)/python -m pytest -m slow $(ARGS)

conformance: $(VENV)/.dev ## every query on every engine, answers compared; needs Java
	$(BIN)/python -m pytest -n 0 -m "engines or not engines" tests/conformance $(ARGS)

golden: $(VENV)/.dev ## write the golden answers of the queries anew; look at the difference
	$(BIN)/python -m tests.conformance.renew $(ARGS)

cluster: $(VENV)/.dev ## a Spark cluster on this machine: conformance, 1 million ads, a worker killed
	$(BIN)/python -m pytest -n 0 -m cluster --log-cli-level=INFO tests/cluster $(ARGS)

coverage: $(VENV)/.dev ## which lines the tests do not reach
	$(BIN)/python -m pytest -n $(JOBS) --cov=shroff --cov-report=term-missing:skip-covered $(ARGS)

bench: $(VENV)/.bench ## the benchmarks, against other tools; BENCH="ingest ARGS" runs one
	@for one in $(if $(BENCH),"$(BENCH)","scorecard --write" ingest demo); do \
	  echo "== $$one"; $(BIN)/python -m benchmarks.$$one || exit 1; done

intervals: $(VENV)/.dev ## do intervals cover the truth: simulations, and real labels if SHROFF_DATA is set
	$(BIN)/python -m benchmarks.coverage $(ARGS)
	@if [ -n "$$SHROFF_DATA" ]; then $(BIN)/python -m benchmarks.real_coverage $(ARGS); fi

docs: $(VENV)/.dev ## build the documentation site into site/
	$(BIN)/python docs/generate.py --check
	$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet docs site
	@echo "Documentation: site/index.html"

generate: $(VENV)/.dev ## write the generated reference pages anew
	$(BIN)/python docs/generate.py

notices: $(VENV)/.dev ## write THIRD_PARTY_NOTICES.md anew
	$(BIN)/python scripts/notices.py

wheel: $(VENV)/.dev ## build the wheel, install it alone, run a tiny demo with it
	scripts/try_wheel.sh $(VENV)

clean: ## remove what the commands above made, but not the environment
	rm -rf build dist site .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
