# Rencai. `make help` lists the commands; `make demo` and `make test` are the two that matter.
#
# Needs git, make and Python 3.11 to 3.14, nothing else: the tools (uv, the SAM CLI, MiniStack, the linters) are installed
# into .local/venv from the locked requirements. `make clean` removes all of it.

MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# --- which Python ------------------------------------------------------------------------------------------------------
# One interpreter makes every environment, runs the functions locally and is the template's Runtime, so it has to be one
# that Lambda knows. Some names on the PATH do not run (pyenv's shims): try each. Override with `make PYTHON=/usr/bin/python3.12`.
find_python = for name in $(1); do \
    "$$name" -c 'import sys; (3, 11) <= sys.version_info < (3, 15) or sys.exit(1); print(sys.executable)' 2>/dev/null && break; done
ifndef PYTHON
PYTHON := $(shell $(call find_python,python3.13 python3.12 python3 python3.11 python3.14))
endif
PYTHON_VERSION := $(shell "$(PYTHON)" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3] if (3, 11) <= sys.version_info < (3, 15) else "")' 2>/dev/null)

VENVS  := .local/venv
UV     := $(abspath $(VENVS)/uv/bin/uv)
DEV    := $(VENVS)/dev/bin
LOCAL  := $(DEV)/python -m infra.local
SOURCES := shared/rencai functions infra tests
# Of the tests that need no server none may reach further than this machine.
PYTEST := $(DEV)/pytest -n auto --disable-socket --allow-hosts=127.0.0.1,::1,localhost --allow-unix-socket --ignore tests/e2e

# The interpreter is the one found above, never a download; nothing here reads a bytecode switch of the caller's shell,
# which would make every process of the embedded stack compile its imports again.
export UV_PYTHON_DOWNLOADS := never
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME VIRTUAL_ENV

# The embedded stack is on this machine: no proxy in between.
comma := ,
export NO_PROXY := $(if $(NO_PROXY),$(NO_PROXY)$(comma))127.0.0.1,localhost
export no_proxy := $(NO_PROXY)

# A package mirror set up for pip (common inside company networks and in China) serves uv as well.
use_pip_mirror = mirror=$$($(VENVS)/uv/bin/python -m pip config get global.index-url 2>/dev/null || true); \
    mirror=$${UV_DEFAULT_INDEX:-$${PIP_INDEX_URL:-$$mirror}}; if [ -n "$$mirror" ]; then export UV_DEFAULT_INDEX="$$mirror"; fi

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- the two commands --------------------------------------------------------------------------------------------------

.PHONY: demo test test-long
demo: setup ## build, start the embedded stack, deploy, and watch candidates go from interview to onboarded
	@$(DEV)/python -m infra.local.demo

# The cheap ones speak first. What uses one core has another beside it; the tests use every core themselves, so they come
# one after the other, and e2e finds built what it deploys.
test: setup ## every check and every test: lint, types, templates, unit, end to end
	@for step in lint "types templates build" unit e2e; do \
	    printf '\n== make %s\n' "$$step"; $(MAKE) --no-print-directory -j2 $$step || exit 1; done; \
	printf '\nAll checks passed.\n'

test-long: $(VENVS)/dev/.stamp ## what looks for counterexamples, with many more examples than make test has time for
	$(PYTEST) -m long --hypothesis-profile=long --timeout=1800 $(ARGS)

# --- the embedded stack ------------------------------------------------------------------------------------------------

.PHONY: setup template access build up down status bench soak attack drill
setup: $(VENVS)/dev/.stamp $(VENVS)/ministack/.stamp $(VENVS)/sam/.stamp ## install the tools into .local/venv

template: $(VENVS)/dev/.stamp $(VENVS)/sam/.stamp ## join template.yaml and functions/*/stack.yaml into .local/template.yaml
	@$(DEV)/python -m infra.assembly

access: $(VENVS)/dev/.stamp ## write docs/access.md, who may touch what, out of access.yaml
	@$(DEV)/python -m infra.assembly.access_page

build: setup ## build the layer and the functions of both stacks
	@$(LOCAL) build

up: setup ## build, start the embedded stack and deploy both stacks to it, without the demo's candidates
	@$(LOCAL) up

down: ## stop the embedded stack
	@if [ -x $(DEV)/python ]; then $(LOCAL) down; fi

status: ## what runs, and where
	@if [ -x $(DEV)/python ]; then $(LOCAL) status; else echo "nothing is set up yet: make demo"; fi

bench: setup ## measure scoring, cold start, a journey, the nightly runs and an import; writes .local/bench.json
	@$(DEV)/python -m tests.bench

soak: setup ## 500 candidates while every vendor misbehaves, and the books afterwards; writes .local/soak.json (ARGS="--candidates 60")
	@$(DEV)/python -m tests.soak $(ARGS)

drill: setup ## restore a tenant into a second stack, on an embedded stack of its own (ARGS=--keep leaves both)
	@$(DEV)/python -m tests.drill $(ARGS)

attack: setup ## what outsiders tried, tried again on the embedded stack; writes .local/attack.md (ARGS="surveys" for one kind)
	@$(DEV)/python -m tests.attack $(ARGS)

# --- checks ------------------------------------------------------------------------------------------------------------

.PHONY: lint types templates unit e2e fmt
lint: $(VENVS)/dev/.stamp ## style, and the direction of imports
	$(DEV)/ruff check .
	$(DEV)/ruff format --check .
	PYTHONPATH=shared:. $(DEV)/lint-imports --no-logo

types: $(VENVS)/dev/.stamp ## mypy, strict
	$(DEV)/mypy $(SOURCES)

templates: $(VENVS)/dev/.stamp $(VENVS)/sam/.stamp ## lint both CloudFormation templates, and count the tenant's resources
	$(LOCAL) validate

unit: $(VENVS)/dev/.stamp ## every test that needs no server (ARGS=tests/hiring for one room, ARGS="-k offer" to choose)
	$(PYTEST) $(ARGS)

# Four at once on any machine: they wait more than they work, for one stack. The limit is for what hangs.
e2e: setup ## the journeys on the embedded stack, with IAM enforced
	$(DEV)/pytest -n 4 --timeout=1200 $(if $(filter tests/%,$(ARGS)),,tests/e2e) $(ARGS)

fmt: $(VENVS)/dev/.stamp ## format, and fix what the linter can fix
	$(DEV)/ruff format .
	$(DEV)/ruff check --fix .

# --- requirements ------------------------------------------------------------------------------------------------------

# Keeps the versions that are locked and still fit; `make lock UPGRADE=1` takes the newest.
LOCKS := $(wildcard requirements/*.in infra/sandbox/requirements.in)
.PHONY: lock
lock: $(VENVS)/uv/.stamp ## resolve requirements/*.in again, with hashes
	@$(use_pip_mirror); for in in $(LOCKS); do echo "$$in"; \
	    $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	        $(if $(UPGRADE),--upgrade) "$$in" -o "$${in%.in}.txt" || exit 1; done

.PHONY: reader
reader: $(VENVS)/reader/.stamp ## learn from infra/reader/sentences anew; writes infra/defaults/classifier
	@PYTHONPATH=shared:. $(VENVS)/reader/bin/python -m infra.reader $(ARGS)

# --- environments ------------------------------------------------------------------------------------------------------
# .local/python changes when the chosen interpreter does, and every environment with it. A stamp holds what its environment
# was made from, so that a new time on an unchanged lock (a checkout, `make lock`) reinstalls nothing.

.local/python: FORCE
	@if [ -z "$(PYTHON_VERSION)" ]; then \
	    echo "make: a Python from 3.11 to 3.14 is needed, and none was found (tried python3.13, python3.12, python3, ...)." >&2; \
	    echo "make: install one, or name it: make PYTHON=/path/to/python3.13 $(MAKECMDGOALS)" >&2; exit 1; fi
	@mkdir -p .local
	@echo "$(PYTHON) $(PYTHON_VERSION)" | cmp -s - $@ || echo "$(PYTHON) $(PYTHON_VERSION)" > $@
FORCE:

$(VENVS)/uv/.stamp: requirements/bootstrap.txt .local/python
	@if cat $^ | cmp -s - $@; then touch $@; exit 0; fi; \
	echo "setup: Python $(PYTHON_VERSION) ($(PYTHON))"; \
	rm -rf $(VENVS)/uv; \
	"$(PYTHON)" -m venv $(VENVS)/uv || { \
	    echo "make: $(PYTHON) cannot make virtual environments (on Debian and Ubuntu: apt install python3-venv)" >&2; exit 1; }; \
	$(VENVS)/uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $< && cat $^ > $@

$(VENVS)/%/.stamp: requirements/%.txt .local/python $(VENVS)/uv/.stamp
	@if cat $^ | cmp -s - $@; then touch $@; exit 0; fi; \
	echo "setup: $(VENVS)/$*"; $(use_pip_mirror); \
	$(UV) venv --quiet --clear --no-project --python "$(PYTHON)" $(VENVS)/$* && \
	$(UV) pip sync --quiet --require-hashes --compile-bytecode --python $(VENVS)/$*/bin/python $< && cat $^ > $@
.PRECIOUS: $(VENVS)/%/.stamp

# --- cleaning ----------------------------------------------------------------------------------------------------------

.PHONY: clean
clean: down ## stop the embedded stack and remove everything that was made: environments, builds, state, caches
	rm -rf .local .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .aws-sam
	find $(wildcard $(SOURCES)) -name __pycache__ -type d -prune -exec rm -rf {} +
