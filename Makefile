# Targets for people and for CI. `make` alone prints this help.
#
# Needs only make and Python 3.11 to 3.13 with its venv module. Set PYTHON=/path/to/python to choose one.
# The environment is .venv; what it holds is written in requirements.lock (a run), requirements-dev.lock (tests) and
# requirements-lab.lock (JupyterLab), all with hashes, so an index can serve the right bytes or nothing.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

VENV := .venv
RUN := $(VENV)/bin/python
UV_COMPILE := $(RUN) -m uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --only-binary :all: --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"
NOTEBOOKS := $(wildcard notebooks/*.ipynb)
# Tests that need a process without threads of others, to be forked; they have one of their own, beside the rest.
APART := tests/test_fork_server.py tests/test_kernel_faults.py tests/test_cells.py

# Tests of the library proper: no process, no kill, no browser, no built set.
QUICK := audit catalogue charts comparable_units county_by_hand data_flow disclosure_key examples measures notebook_habits strips totals \
	precision present private_texts ranking reading rounding sentences suppression tables validate wording

# Tried in this order; a name that exists but does not start, or is of another version, is passed over.
SUITABLE := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python; do \
	if $$name -c '$(SUITABLE)' >/dev/null 2>&1; then echo $$name; break; fi; done)

# Texts that Python reads and prints are UTF-8 whatever the machine's locale; an editor's settings stay out.
export PYTHONUTF8 := 1
# The environment's own kernel runs the notebooks, not one a user installed for all projects.
export JUPYTER_PREFER_ENV_PATH := 1
unexport PYTHONPATH PYTHONHOME

.PHONY: help report quick test soak suites check lint lab docs bench pages lock fuzz mutants notebooks demo clean

help: ## print this help
	@echo "make TARGET:"
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  %-11s %s\n", $$1, $$2}' Makefile

report: $(VENV)/run.stamp ## build the demonstration county's set of documents into reports/
	@$(call tolerating_refusals,$(RUN) -P -m stats build --workspace .)

test: $(VENV)/dev.stamp ## run the whole test suite: tests, doctests, and the notebooks against their stored outputs
	@$(RUN) -m pytest $(APART) >$(VENV)/apart.log 2>&1 & apart=$$!; trap 'kill $$apart' INT TERM; status=0; \
	$(RUN) -m pytest --numprocesses auto --dist loadfile --nbval $(addprefix --ignore=,$(APART)) tests src tools $(NOTEBOOKS) \
		|| status=1; \
	wait $$apart || status=1; cat $(VENV)/apart.log; exit $$status

quick: $(VENV)/dev.stamp ## run the tests of the library proper, in less than a minute
	@$(RUN) -m pytest --quiet --numprocesses auto --dist loadfile $(QUICK:%=tests/test_%.py)

soak: $(VENV)/dev.stamp ## the long tests: hundreds of kills, large counties, a cluster whose workers die; up to an hour
	$(RUN) -m pytest -m soak

suites: $(VENV)/dev.stamp ## papermill's own test suite, on its own engine and on ours
	$(RUN) tests/compat/run_suites.py

check: $(VENV)/run.stamp ## read and check the returns, build nothing
	@$(call tolerating_refusals,$(RUN) -P -m stats check --workspace .)

lint: $(VENV)/dev.stamp ## ruff and mypy
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

lab: $(VENV)/lab.stamp ## install JupyterLab if needed, and open the notebooks in it
	$(RUN) -m jupyterlab notebooks

docs: $(VENV)/run.stamp ## write docs/generated/ from the catalogue
	$(RUN) docs/generate.py

bench: $(VENV)/run.stamp ## measure, and write the table in docs/performance.md; about 20 minutes, on a quiet machine
	set -e; for name in nation forms batch scale; do $(RUN) benchmarks/$$name.py; done

pages: $(VENV)/dev.stamp ## pages of every document against their budgets, blank paper, tables that say little; a few minutes
	$(RUN) benchmarks/pages.py

fuzz: $(VENV)/dev.stamp ## random texts and damaged files against parser and readers, 5 minutes each; needs atheris
	for script in tests/fuzz/fuzz_*.py; do $(RUN) "$$script" -max_total_time=300 -rss_limit_mb=8000 -max_len=600 -len_control=0 || exit 1; done

mutants: $(VENV)/dev.stamp ## change the core in one small place at a time and run its quick tests; hours, `AREAS=measures` for one of them
	$(RUN) tests/mutants/run.py $(AREAS)

notebooks: $(VENV)/run.stamp ## execute the notebooks again and store their outputs
	$(RUN) -m jupyter nbconvert --to notebook --execute --inplace --ExecutePreprocessor.record_timing=False \
		$(NOTEBOOKS)

demo: $(VENV)/run.stamp ## write the demonstration county again: data/, params/ and what `stats demo` unpacks
	@cd tools && ../$(RUN) -m demo

lock: $(VENV)/dev.stamp ## write the lock files again; UPGRADE=--upgrade takes newer versions
	$(UV_COMPILE) $(UPGRADE) --extra build pyproject.toml --output-file requirements.lock
	$(UV_COMPILE) $(UPGRADE) --extra build --extra dev --constraint requirements.lock pyproject.toml \
		--output-file requirements-dev.lock
	set -e; for extra in cluster lab; do $(UV_COMPILE) $(UPGRADE) --extra build --extra $$extra \
		--constraint requirements-dev.lock pyproject.toml --output-file requirements-$$extra.lock; done

clean: ## remove the environment, caches and reports; never returns or parameters
	rm -rf $(VENV) reports build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/run.stamp: requirements.lock pyproject.toml
	@$(call ensure_venv)
	@echo "正在按 requirements.lock 安装运行环境……"
	@$(RUN) tools/install.py requirements.lock
	@$(call install_project)
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/run.stamp
	@echo "正在按 requirements-dev.lock 安装测试环境……"
	@$(RUN) tools/install.py requirements-dev.lock
	@touch $@

$(VENV)/lab.stamp: requirements-lab.lock $(VENV)/run.stamp
	@echo "正在按 requirements-lab.lock 安装 JupyterLab……"
	@$(RUN) tools/install.py requirements-lab.lock
	@touch $@

# The project itself comes last, with the locked backend and without dependencies: nothing is asked of an index.
define install_project
$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-index --no-build-isolation --editable .
endef

define ensure_venv
if ! $(RUN) -c '$(SUITABLE)' >/dev/null 2>&1; then \
	if [ -z "$(PYTHON)" ]; then \
		echo "没有找到可用的 Python 3.11—3.13（需带 venv 模块）。请安装后重试，或用 make PYTHON=路径 指明。" >&2; exit 4; \
	fi; \
	"$(PYTHON)" -m venv --clear $(VENV); \
fi
endef

# Exit code 2 says that some unit's return was refused. The demonstration county holds such a unit on purpose, so there
# it is no failure; with a real county's parameters it is.
define tolerating_refusals
status=0; $(1) || status=$$?; \
if [ $$status -eq 2 ] && grep -q '^demonstration: true' params/county.yaml; then \
	echo "说明：演示县有意放入了未通过硬性校验和未上报的单位，以上提示属正常现象；其余单位不受影响。"; \
else exit $$status; fi
endef
