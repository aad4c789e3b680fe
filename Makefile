SHELL := /bin/sh
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
LOCK := $(BIN)/uv pip compile pyproject.toml --group build --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header --upgrade --quiet

START := [ -n "$$KB_TEST_NEO4J_URI" ] || $(BIN)/python -m kb.embedded
PARALLEL := $(if $(KB_TEST_NEO4J_URI),,--numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder)
PEER := if command -v npm >/dev/null; then npm ci --silent --prefix bench/peer; fi;

.PHONY: help run test soak conformance check format docs lock score calibrate score-knowledgenet train-pairs train-relations bench-start bench-extract bench-graphql bench-load bench-growth bench-whole bench-scale bench-scale-out

help: ## Show what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{sub(/:.*/, "", $$1); printf "  make %-18s %s\n", $$1, $$2}'

run: $(VENV)/.run ## Set everything up, load the seeds, serve on http://127.0.0.1:8000 until Ctrl-C
	@[ -n "$$KB_NEO4J_URI" ] || $(BIN)/python -m kb.embedded
	@exec $(BIN)/kb serve --seeds

test: $(VENV)/.dev ## Run the tests against a real Neo4j
	@$(START)
	@$(BIN)/pytest $(PARALLEL)

soak: $(VENV)/.dev ## The long form of the tests of faults: 100 kills, 1,000 cut commits, 500 random histories, 2,000 steps; takes hours
	@$(START)
	@KB_TEST_KILLS=$${KB_TEST_KILLS:-100} KB_TEST_CUTS=$${KB_TEST_CUTS:-1000} KB_TEST_HISTORIES=$${KB_TEST_HISTORIES:-500} \
		KB_TEST_STEPS=$${KB_TEST_STEPS:-2000} \
		$(BIN)/pytest --timeout 0 --durations 10 tests/test_crash.py tests/test_disk.py tests/test_state_machine.py \
		tests/kb/graph/test_lost_commits.py tests/kb/graph/test_judging_histories.py tests/kb/graph/test_versions.py \
		tests/kb/graph/test_imports.py

conformance: $(VENV)/.dev ## Run the audits of GraphQL over HTTP, the clients of subscriptions, operations made up from the schema, and the tests that take long
	@$(START)
	@if command -v node >/dev/null && command -v npm >/dev/null; then \
		npm ci --silent --prefix tests/conformance && $(BIN)/pytest -m conformance tests/conformance; \
	else echo "make conformance: the audits are skipped, because there is no node or no npm on PATH" && \
		$(BIN)/pytest -m conformance tests/conformance/test_fuzzing.py; fi
	@$(BIN)/pytest $(PARALLEL) -m long

check: $(VENV)/.dev ## Check format, lint, strict types, import layers and the schema's file
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/basedpyright
	@$(BIN)/lint-imports
	@$(BIN)/python -m schema --check schema/schema.graphql

format: $(VENV)/.dev ## Bring the code into its format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

docs: $(VENV)/.dev ## Write the pages that are made from code again
	@$(BIN)/python -m kb.predicates_page > docs/predicates.md
	@$(BIN)/python -m schema --write schema/schema.graphql

score: $(VENV)/.dev ## Score the extraction on a corpus with gold facts (KB_CORPUS names its folder)
	@$(BIN)/python bench/score.py
	@$(BIN)/python -m bench.reliability

calibrate: $(VENV)/.dev ## Fit the confidence of facts on that corpus again
	@$(BIN)/python -m bench.reliability --write

score-knowledgenet: $(VENV)/.dev ## Score the pair classifier on KnowledgeNet, fold by fold (KB_KNOWLEDGENET names its folder)
	@$(BIN)/python -m bench.knowledgenet

train-pairs: $(VENV)/.dev ## Train the pair classifier on all folds of KnowledgeNet again
	@$(BIN)/python -m bench.train_pairs

train-relations: $(VENV)/.dev ## Train the relation classifier on the annotated texts again
	@$(BIN)/python -m bench.train_relations

bench-extract: $(VENV)/.dev ## Measure the extraction against the bare model, and two processes against one
	@$(BIN)/python -m bench.extract

bench-start: $(VENV)/.dev ## Measure the embedded server from start to first answer
	@$(BIN)/python bench/start.py

bench-graphql: $(VENV)/.dev ## Measure the GraphQL API beside @neo4j/graphql (BENCH=--quick for a first look); needs node and npm
	@$(PEER) $(BIN)/python -m bench.graphql $(BENCH)

bench-load: $(VENV)/.dev ## Measure the writer beside hand-written batches of the raw driver (BENCH="--together 25")
	@$(BIN)/python -m bench.graph_load $(BENCH)

bench-growth: $(VENV)/.dev ## Measure the writer's rate while it loads 1,000,000 statements (BENCH="--statements 100000")
	@$(BIN)/python -m bench.graph_growth $(BENCH)

bench-whole: $(VENV)/.dev ## Measure check, exports, backup, restore and build of 1,000,000 statements (BENCH="--statements 100000")
	@$(BIN)/python -m bench.graph_whole $(BENCH)

bench-scale: $(VENV)/.dev ## Measure pages in a graph of 1,000,000 statements against 100,000 (BENCH as above); needs node
	@$(BIN)/python -m bench.graph_scale $(BENCH)

bench-scale-out: $(VENV)/.dev ## Measure what a page costs from its bytes into the graph, and two workers of Ray against one (BENCH="--pages 1000")
	@$(BIN)/python -m bench.scale_out $(BENCH)

lock: $(VENV)/.dev ## Resolve the dependencies again into the hash-locked requirement files
	@$(LOCK) --output-file requirements.lock
	@$(LOCK) --group dev --output-file requirements-dev.lock

# The development set holds everything of the runtime set, so one of the two is enough to run.
$(VENV)/.run: requirements.lock pyproject.toml scripts/setup.sh
	@[ -f $(VENV)/.dev ] && [ $(VENV)/.dev -nt requirements.lock ] || sh scripts/setup.sh run
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml scripts/setup.sh
	@sh scripts/setup.sh dev
	@touch $@
