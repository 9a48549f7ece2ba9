# Needs python3.11 (with its venv module) and make; everything else comes from the locks.
PYTHON := $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check

.PHONY: run test format messages bench lock

run: .venv
	LENSAN_SAMPLE=1 $(BIN)/lensan migrate
	LENSAN_SAMPLE=1 exec $(BIN)/lensan run

test: .venv/dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 3 --dist worksteal

format: .venv/dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# Golden transcripts written anew from what the bot says now: read the difference.
messages: .venv/dev
	$(BIN)/pytest tests/test_messages.py
	$(BIN)/pytest tests/test_conversations.py --update

bench: .venv/dev
	$(BIN)/python -m benchmarks

.venv: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "python3.11 or newer is needed" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "python has no venv module: apt-get install python3.11-venv" >&2; exit 1; }
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch .venv

.venv/dev: requirements-dev.lock | .venv
	$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

# New versions of everything; setuptools is locked too, because it builds the project itself.
LOCK = $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --python-version 3.11 \
	--no-header --no-emit-index-url --no-emit-find-links pyproject.toml -
lock: .venv/dev
	echo setuptools | $(LOCK) -o requirements.lock
	echo setuptools | $(LOCK) --extra voice -c requirements.lock -o requirements-voice.lock
	echo setuptools | $(LOCK) --extra whisper -c requirements.lock -o requirements-whisper.lock
	echo setuptools | $(LOCK) --extra dev -c requirements.lock -c requirements-voice.lock \
		-c requirements-whisper.lock -o requirements-dev.lock
