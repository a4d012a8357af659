# Every word here is one thing that a person does. `make help` lists them.

.DEFAULT_GOAL := help
.PHONY: help up demo web down test test-unit test-infrastructure test-integration test-end-to-end \
	lint format train package evaluate labels catalogue text-encoder eval bench bench-page \
	bench-compare openapi layers synth fuzz load attacks lock image image-test clean

# The first Python on this machine that is new enough, unless one is named: make PYTHON=…
PYTHON ?= $(shell for python in python3.11 python3 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV := .venv/bin
# The oldest release of Node that is asked for has passed its end of life; it works.
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20
PORT ?= 4566
WEB_PORT ?= 4567
PHOTO ?= tests/photos/colosseum.jpg
ENVIRONMENT ?= staging

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-20s %s\n", $$1, $$2}' Makefile

up: install ## Deploy the app to a local cloud, serve its page, and name a sample photo (PORT=4566 WEB_PORT=4567)
	@$(VENV)/python -m local.up --port $(PORT) --web-port $(WEB_PORT)
	@$(VENV)/python -m local.demo "$(PHOTO)"

demo: | $(VENV)/python ## Name any photo through the local API, and where to go next: make demo PHOTO=path
	@$(VENV)/python -m local.demo "$(PHOTO)"

web: install ## Build the web page into web/dist, if anything of it changed
	@$(VENV)/python -m local.web $(ARGS)

.PHONY: web-pictures
web-pictures: install ## Take the pictures of docs/web.md anew, with Chromium, of what make up serves
	@$(VENV)/python -m local.web.pictures $(ARGS)

down: | $(VENV)/python ## Stop the local cloud and the page that this checkout started, and only those
	@$(VENV)/python -m local.up --down

test: install-dev layers ## Run all tests: unit, infrastructure, integration, end to end
	@$(VENV)/python -m pytest

test-unit: install-dev local-layer ## Run the unit tests: no sockets, no cloud
	@$(VENV)/python -m pytest tests/unit

test-infrastructure: install-dev layers ## Run the tests of the synthesised templates
	@$(VENV)/python -m pytest tests/infrastructure

test-integration: install-dev local-layer ## Run the tests of our adapters against the local cloud
	@$(VENV)/python -m pytest tests/integration

test-end-to-end: install-dev local-layer ## Run the tests against the app on a local cloud of their own
	@$(VENV)/python -m pytest tests/end_to_end

lint: install-dev ## Check style, types, licences and workflows
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .
	@$(VENV)/mypy
	@npm --prefix web run --silent check
	@$(VENV)/python -m local.supply_chain.licences --quiet
	@$(VENV)/zizmor --offline --no-progress --quiet --pedantic --strict-collection .github

format: install-dev ## Rewrite the sources in the project's style
	@$(VENV)/ruff check --fix .
	@$(VENV)/ruff format .
	@npm --prefix web run --silent format

RUN ?= build/runs/classifier
CLASSIFIER := PYTHONPATH=model_layer:functions:shared_layer/python \
	POWERTOOLS_SERVICE_NAME=classifier POWERTOOLS_TRACE_DISABLED=1 $(VENV)/python -m classifier

train: install-dev photos ## Train the classifier, or go on where it stopped: make train PHOTOS=folder
	@$(CLASSIFIER).train --photos "$(PHOTOS)" --out $(RUN) $(ARGS)

package: install-dev photos ## Make the bundle of a finished run: make package PHOTOS=folder
	@$(CLASSIFIER).package --photos "$(PHOTOS)" --run $(RUN) $(ARGS)

evaluate: install-dev photos ## Measure the bundle and write the model card: make evaluate PHOTOS=folder
	@$(CLASSIFIER).evaluate --photos "$(PHOTOS)" $(ARGS)

labels: install-dev ## Export users' feedback as training labels: make labels TABLE=name OUT=labels.csv
	@$(CLASSIFIER).feedback_labels --table "$(TABLE)" --out "$(OUT)" $(ARGS)

ENCODER ?= minilm
SEARCH := PYTHONPATH=.:model_layer:functions:shared_layer/python $(VENV)/python

OPENAPI := PYTHONPATH=.:functions:shared_layer/python $(VENV)/python -m local.openapi

catalogue: install ## Join the catalogue's region files, checking every entry
	@PYTHONPATH=model_layer $(VENV)/python -m catalogue_build

text-encoder: install-dev ## Build a text encoder and embed the catalogue with it: make text-encoder ENCODER=clip
	@$(SEARCH) -m text_encoder.build --encoder $(ENCODER) $(ARGS)

eval: install-dev ## Measure whether words find landmarks, and whether travellers would agree with recommend
	@$(SEARCH) -m evaluation.retrieval $(ARGS)

BENCH_PEERS := $(VENV)/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt

bench: install-dev ## Measure beside peers, and write docs/performance.md (SUITE=request for one part)
	@$(BENCH_PEERS)
	@$(SEARCH) -m benchmarks $(SUITE) $(ARGS)

bench-page: install-dev ## Write docs/performance.md and its plots again, from the last measurements
	@$(BENCH_PEERS)
	@$(SEARCH) -m benchmarks --page-only

bench-compare: install-dev ## Say which figures the last two runs of make bench disagree on (SUITE=request)
	@$(SEARCH) -m benchmarks.compare $(SUITE)

.PHONY: dashboards
dashboards: install-dev ## Draw the dashboards from four minutes of a local run (ARGS=--again: the last one)
	@$(BENCH_PEERS)
	@$(VENV)/python -m local.dashboards $(ARGS)

openapi: install ## Describe the API from its code in docs/openapi.json
	@$(OPENAPI) $(ARGS)

fuzz: install-dev ## Try the running local API, photos and forms at random, for 15 minutes (SECONDS=900)
	@$(VENV)/python -m local.fuzz --seconds $(or $(SECONDS),900) $(ARGS)

load: install-dev ## Fifty travellers for a day of two minutes at the local API, then the reckoning (ARGS=--help)
	@PYTHONPATH=.:examples/python:functions:shared_layer/python $(VENV)/python -m local.load $(ARGS)

attacks: install-dev local-layer ## Measure what hostile pictures cost, and whether sign-ins tell accounts apart by time
	@PYTHONPATH=.:functions:shared_layer/python $(VENV)/python -m local.attacks $(ARGS)

layers: install ## Build the functions' layers for this machine and for AWS
	@$(VENV)/python -m local.layers --aws

synth: layers ## Write the CloudFormation templates to cdk.out (ENVIRONMENT=staging)
	@node_modules/.bin/cdk synth --quiet --context environment=$(ENVIRONMENT)

.PHONY: deploy diff smoke last-good mark-good delivery destroy
deploy: layers ## Deploy to AWS with the shell's credentials (ENVIRONMENT=staging)
	@$(VENV)/python -m local.deploy deploy --environment $(ENVIRONMENT) $(ARGS)

diff: layers ## Show what a deployment to AWS would change (ENVIRONMENT=staging)
	@$(VENV)/python -m local.deploy diff --environment $(ENVIRONMENT) $(ARGS)

smoke: install ## Visit a deployed API as a traveller would: make smoke URL=https://…
	@$(VENV)/python -m local.smoke $(if $(URL),--url "$(URL)",--environment $(ENVIRONMENT)) $(ARGS)

last-good: install ## Print the last commit that answered well on AWS (ENVIRONMENT=staging)
	@$(VENV)/python -m local.deployed last-good --environment $(ENVIRONMENT)

mark-good: install ## Remember this commit as the one to go back to (ENVIRONMENT=staging)
	@$(VENV)/python -m local.deployed mark-good --environment $(ENVIRONMENT)

delivery: install ## Let a GitHub repository's workflows deploy: make delivery REPOSITORY=owner/name
	@test -n "$(REPOSITORY)" || { echo "REPOSITORY must name it: see docs/deploy.md"; exit 1; }
	@node_modules/.bin/cdk deploy cv-location-classifier-delivery \
		--context github_repository="$(REPOSITORY)" $(ARGS)

destroy: layers ## Take an environment down on AWS, after asking (ENVIRONMENT=staging)
	@$(VENV)/python -m local.destroy --environment $(ENVIRONMENT)

OPERATIONS := PYTHONPATH=.:functions:shared_layer/python POWERTOOLS_TRACE_DISABLED=1 $(VENV)/python -m local.operations

.PHONY: set-token check-token delete-token show-keys rotate-keys sign-everyone-out delete-user finish-deletions check-table
set-token: install ## Store the token for remote models, typed or piped (ENVIRONMENT=staging)
	@$(OPERATIONS).vision_token set --environment $(ENVIRONMENT)

check-token: install ## Say whether there is a token for remote models (ENVIRONMENT=staging)
	@$(OPERATIONS).vision_token check --environment $(ENVIRONMENT)

delete-token: install ## Delete it: photos are described by our own words (ENVIRONMENT=staging)
	@$(OPERATIONS).vision_token delete --environment $(ENVIRONMENT)

show-keys: install ## Say which keys sign access tokens, and where a rotation stands (ENVIRONMENT=staging)
	@$(OPERATIONS).keys show --environment $(ENVIRONMENT)

rotate-keys: install ## Take a rotation's next step; ARGS=--wait all of them, --now after a theft (ENVIRONMENT=staging)
	@$(OPERATIONS).keys rotate --environment $(ENVIRONMENT) $(ARGS)

sign-everyone-out: install ## End every session there is, after asking (ENVIRONMENT=staging)
	@$(OPERATIONS).people sign-everyone-out --environment $(ENVIRONMENT)

delete-user: install ## Delete an account for somebody who cannot, after asking (ENVIRONMENT=staging)
	@$(OPERATIONS).people delete-user --environment $(ENVIRONMENT)

finish-deletions: install ## Remove what interrupted deletions of accounts left (ENVIRONMENT=staging)
	@$(OPERATIONS).people finish-deletions --environment $(ENVIRONMENT)

check-table: install ## Say whether everything holds that has to hold of the table (ENVIRONMENT=staging)
	@$(OPERATIONS).check_table --environment $(ENVIRONMENT) $(ARGS)

# Whatever works: docker, podman or buildah; AWS's base, or one like it where that is out of reach.
IMAGE_BUILDER ?=
BASE ?=
IMAGE := PYTHONPATH=.:functions:shared_layer/python $(VENV)/python -m local.image

image: install ## Build the container image of predict (IMAGE_BUILDER=podman, BASE=image or debian)
	@$(IMAGE) build --builder "$(IMAGE_BUILDER)" --base "$(BASE)" $(ARGS)

image-test: install ## Build it, start it by its own entry point and send it photos
	@$(IMAGE) test --builder "$(IMAGE_BUILDER)" --base "$(BASE)" $(ARGS)

COST := PYTHONPATH=.:functions:shared_layer/python $(VENV)/python -m local.cost

.PHONY: cost
cost: layers ## Print what a month on AWS costs (--requests N --mix name -c setting=value, --page, --measure)
	@JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=20 $(COST) $(ARGS)

lock: install-dev ## Pin what the requirements brought along, and the hashes of what ships (ARGS=--upgrade)
	@$(VENV)/python -m local.lock $(ARGS)

.PHONY: audit licences sbom
audit: install-dev ## Ask whether anything installed has a known vulnerability; fails if it cannot be asked
	@$(VENV)/python -m local.supply_chain.audit

licences: install-dev ## Say what ships under which licence, and fail where it may not
	@$(VENV)/python -m local.supply_chain.licences

sbom: install-dev layers ## Write a bill of materials (CycloneDX) of each layer and the image to build/sbom
	@$(VENV)/python -m local.supply_chain.sbom $(ARGS)

clean: ## Remove everything that was built or installed here
	@test ! -x $(VENV)/python || $(VENV)/python -m local.up --down
	rm -rf .local .venv build cdk.out node_modules web/dist web/node_modules

# Steps of the above
.PHONY: python photos install install-dev local-layer
photos:
	@test -f "$(PHOTOS)/index.csv" || { echo "PHOTOS must name a folder with an index.csv: see docs/model.md"; exit 1; }
install: python
	@$(PYTHON) -m local.install
install-dev: python
	@$(PYTHON) -m local.install --dev
local-layer:
	@$(VENV)/python -m local.layers
python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is missing: install it, or name it: make PYTHON=/path/to/python3.11"; exit 1; }
$(VENV)/python:
	@echo "Nothing is installed here yet: make up"; exit 1
