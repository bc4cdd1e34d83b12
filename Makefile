# The developer's commands. `make help` lists them; what they install goes to .tools/, what they keep to .local/.
SHELL := bash
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/.tools/cargo-lambda/bin:$(PATH)

# Files of messages with known readings, where there are any; they are no part of this project.
DAFTARI_SMS_DATA ?= ../shared/sms

.PHONY: coverage help setup dev lint test test-rust test-e2e test-moto test-infra fuzz attack bench bench-start package clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install cargo-lambda into .tools/
	@infra/dev/setup.sh

dev: ## run everything on http://127.0.0.1:9000 (PORT, TABLE_PORT, DATA_DIR, RELEASE=1)
	@infra/dev/setup.sh
	@PYTHONDONTWRITEBYTECODE=1 exec python3 infra/dev/dev.py

lint: ## formatting and clippy, warnings are errors
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

test: test-rust test-e2e test-moto test-infra test-deploy fuzz attack ## every test

test-rust: ## unit, property, store and HTTP tests, in process
	@infra/dev/test.sh

test-e2e: ## the real binaries under cargo lambda watch, with the official client
	@infra/dev/setup.sh
	@tests/e2e/run.sh

test-moto: ## the black-box tests on moto, each function under its policy of infra/template.yaml
	@tests/moto/run.sh

test-infra: ## the SAM template linted, translated and deployed into a local AWS; the workflows checked
	@tests/infra/run.sh

fuzz: ## call the service with what its OpenAPI document allows and forbids (EXAMPLES=100 for more)
	@infra/dev/setup.sh
	@tests/fuzz/run.sh

attack: ## race and kill the real binaries (FULL=1 RELEASE=1 for all of it; SEED, ATTACKS)
	@tests/attack/run.sh

coverage: ## docs/COVERAGE.md, made of the directory of institutions
	UPDATE_COVERAGE=1 cargo test -q -p daftari-sms --test directory the_published_page

bench: ## what reports and reading messages cost, in release builds
	cargo bench -p daftari-tests --bench reports
	cargo run --release -p daftari-domain --example report_cost
	cargo run --release -p daftari-domain --example page_size
	@if compgen -G "$(DAFTARI_SMS_DATA)/*.jsonl" >/dev/null; then \
	    cargo run --release -p daftari-sms --features check --example throughput -- "$(DAFTARI_SMS_DATA)"/*.jsonl; \
	else echo "bench: reading messages is not measured: no files of messages in DAFTARI_SMS_DATA=$(DAFTARI_SMS_DATA)" >&2; fi

bench-start: ## size, start time and first request of every function's release binary
	@infra/dev/bench-start.sh

package: ## what sam deploy takes, in infra/.aws-sam/build/ (ARCH=arm64 or x86_64, FUNCTIONS="dti users")
	@infra/dev/package.sh

clean: ## remove what was built, installed and stored
	cargo clean
	rm -rf .tools .local infra/.aws-sam

# What deploys reads its settings from the environment, where make puts the variables it is called with.
.PHONY: bootstrap deploy smoke logs admin rotate-keys destroy test-deploy

test-deploy: ## what deploys, against a local server that behaves like AWS; the smoke test against make dev
	@tests/deploy/run.sh
	@tests/e2e/with_server.sh tests/deploy/smoke_local.sh

bootstrap: ## keys before the first deployment (ENV), then the first login (ORGANIZATION, COUNTRY, EMAIL)
	@infra/deploy/run.sh bootstrap

deploy: ## build and deploy ENV=dev, staging or prod, try it out, go back if that fails (LOGIN, ARCH, PARAMETERS, YES=1)
	@infra/deploy/run.sh deploy

smoke: ## try out a running service: URL=https://…, LOGIN=email:password to write and read back too
	@PYTHONDONTWRITEBYTECODE=1 python3 infra/deploy/smoke.py

logs: ## log lines of ENV (FUNCTION, SINCE=15m, FILTER, FOLLOW=1)
	@infra/deploy/run.sh logs

admin: ## daftari-admin on the table of ENV: ARGS='organization list'
	@infra/deploy/run.sh admin

rotate-keys: ## replace the signing key of ENV: STEP=add, activate, retire; docs/OPERATIONS.md says when
	@infra/deploy/run.sh rotate_keys

destroy: ## delete the stack of ENV, after asking
	@infra/deploy/run.sh destroy
