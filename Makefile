# govnews needs make, Python 3.11 or later and its venv module; all else comes from requirements.lock
PYTHON ?= python3
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -n auto --dist worksteal
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 $(BIN)/python -m pip install --quiet

.PHONY: help demo test test-slow torture bench growth stories lint format lock clean
.DELETE_ON_ERROR:

help:
	@echo 'make demo       crawl the portal that comes with govnews into data/'
	@echo 'make test       run the tests; make test-slow runs the long ones'
	@echo 'make torture    kill crawls hundreds of times, and compare what they leave'
	@echo 'make bench      measure the speed of crawling and searching, beside plain Scrapy and FTS5'
	@echo 'make growth     measure what a crawl of 100,000 articles costs at its end'
	@echo 'make stories    measure how rightly stories are told, and what they cost'
	@echo 'make lint       check style and types; make format mends the style'
	@echo 'make lock       write requirements.lock anew; UPGRADE=1 takes newer releases'
	@echo 'make clean      remove .venv and caches; what was crawled stays'

demo: .venv/core
	$(BIN)/govnews crawl demo

test: .venv/dev
	$(PYTEST) -m 'not slow'

# pytest ends with 5 when it finds no test: right only while none is marked slow
test-slow: .venv/dev
	$(PYTEST) -m slow || { \
	  code=$$?; test $$code -eq 5 && ! grep -rq --include='test_*.py' 'mark\.slow' tests || exit $$code; }

torture: .venv/dev
	GOVNEWS_KILLS=$(or $(KILLS),300) $(PYTEST) -m slow tests/crawl/test_crash.py

bench: .venv/dev
	$(BIN)/python benchmarks/crawl.py
	$(BIN)/python benchmarks/sites.py
	$(BIN)/python benchmarks/search.py

growth: .venv/dev
	$(BIN)/python benchmarks/growth.py

stories: .venv/dev
	$(BIN)/python benchmarks/stories.py

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict govnews
	$(BIN)/mypy --allow-untyped-defs --allow-incomplete-defs --allow-untyped-calls tests

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# the environment: anew when the lock changed, the command alone when pyproject.toml did
.venv/locked: requirements.lock
	@command -v $(PYTHON) >/dev/null || { \
	  echo 'govnews needs Python 3.11 or later. On Debian: sudo apt install python3 python3-venv' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "govnews needs Python 3.11 or later, and $(PYTHON) is `$(PYTHON) -V 2>&1`." >&2; \
	  echo 'Debian 12 and later have it: sudo apt install python3 python3-venv' >&2; \
	  echo 'or name another one: make PYTHON=python3.12 $(MAKECMDGOALS)' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "The venv module of $(PYTHON) is missing. On Debian: sudo apt install python3-venv" >&2; exit 1; }
	@echo 'Installing govnews into .venv (once) ...'
	@$(PYTHON) -m venv --clear .venv
	@sed '/^# extras and development/,$$d' requirements.lock > .venv/core.txt
	@$(PIP) --require-hashes -r .venv/core.txt
	@touch $@

.venv/core: .venv/locked pyproject.toml
	@$(PIP) --no-deps --no-build-isolation --no-index -e .
	@touch $@

.venv/dev: .venv/core
	@test -e $@ -a $@ -nt .venv/locked || { \
	  echo 'Installing what the tests need into .venv (once) ...'; \
	  $(PIP) --require-hashes -r requirements.lock; }
	@touch $@

# one file for every Python: first what govnews needs to run, then what is added by the extras
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-header --no-annotate $(if $(UPGRADE),--upgrade)
BUILD_REQUIRES = import tomllib; \
  print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")

lock: .venv/dev
	@cp requirements.lock .venv/core.lock; cp requirements.lock .venv/all.lock
	@$(BIN)/python -c '$(BUILD_REQUIRES)' > .venv/build.in
	$(COMPILE) pyproject.toml .venv/build.in -o .venv/core.lock >/dev/null
	$(COMPILE) pyproject.toml .venv/build.in -c .venv/core.lock --all-extras -o .venv/all.lock >/dev/null
	@{ echo '# Written by `make lock`, for every Python >= 3.11.'; \
	   cat .venv/core.lock; \
	   echo '# extras and development'; \
	   awk '/^[^ ]/ { known = $$0 in core; if (NR == FNR) core[$$0] } NR != FNR && !known' \
	     .venv/core.lock .venv/all.lock; } > .venv/new.lock
	@cmp -s .venv/new.lock requirements.lock || cp .venv/new.lock requirements.lock

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
	find govnews tests -name __pycache__ -prune -exec rm -rf {} +
