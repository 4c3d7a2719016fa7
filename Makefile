# make run      open the editor on the pose sample (without a display: render it to out/pose_overlay.mp4)
# make test     run every test, GUI tests on a virtual screen
# make explore  run the property tests with examples that nobody has tried
# make shake    run the tests with threads that sleep at random, to find races; SEED=7 repeats the run with seed 7
# make check    formatting, lint, types, import law
# make bench    measure, and print figures
# make env      build .venv only
# Name an interpreter with PYTHON=..., pass options to pytest with ARGS="-k graph".

BIN := .venv/bin
export PYTHON

# as many processes as there are processors, up to four: see tests/conftest.py; ARGS="-n 0" runs all in one
SHARED := -n auto --maxprocesses 4 --dist loadgroup --no-loadscope-reorder

# of the threads' sleeps: another one each time
SEED = $(shell date +%s)

.PHONY: run test explore shake check bench env clean

run: env
	$(BIN)/nodeflow edit sample_graphs/pose_overlay.json --start --or-run

test: env
	tools/setup.sh test
	$(BIN)/python -m pytest $(SHARED) $(ARGS)

explore: env
	$(BIN)/python -m pytest -m hypothesis --hypothesis-profile=explore $(ARGS)

shake: env
	$(BIN)/python -m pytest -p tests.shaken --seed=$(SEED) $(ARGS)

check: env
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: env
	$(BIN)/python -m benchmarks

env:
	@tools/setup.sh

clean:
	rm -rf .venv out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
