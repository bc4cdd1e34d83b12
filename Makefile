# The developer's commands, listed by `make help`. Tools are installed into .tools/, data is kept in .local/.
SHELL := bash
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/.tools/cargo-lambda/bin:$(PATH)

# Files of messages with known readings, if any. They are not part of this project.
DAFTARI_SMS_DATA ?= ../shared/sms

.PHONY: coverage console help links pictures setup dev lint lint-openapi site test test-clients test-docs test-console test-rust test-e2e test-moto test-infra fuzz attack bench bench-users bench-start package clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install cargo-lambda into .tools/
	@infra/dev/setup.sh

dev: ## run everything, with the console, on http://127.0.0.1:9000 (PORT, TABLE_PORT, DATA_DIR, RELEASE=1)
	@infra/dev/setup.sh
	@PYTHONDONTWRITEBYTECODE=1 exec python3 infra/dev/dev.py

console: ## build the console's page, which make dev and make package do too
	@infra/dev/console.sh

pictures: ## screenshots of the console with demo data, into docs/images/
	@tests/console/pictures.sh

lint: ## formatting and clippy, warnings are errors
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings

lint-openapi: ## spectral and redocly on the OpenAPI document (FAIL_ON=error lets warnings pass)
	@infra/dev/docs/lint-openapi.sh

site: ## build docs/ as a site with search, in .site/html/
	@tests/docs/run.sh site

links: ## check the links of docs/ to other sites
	@tests/docs/run.sh links

test: test-docs lint-openapi test-rust test-e2e test-clients test-console test-moto test-infra test-deploy fuzz attack ## every test

test-rust: ## unit, property, store and HTTP tests, in process
	@infra/dev/test.sh

test-e2e: ## the real binaries under cargo lambda watch, with the official client
	@infra/dev/setup.sh
	@tests/e2e/run.sh

test-docs: ## commands, links and the site of docs/
	@tests/docs/run.sh

test-clients: ## the tutorial, the examples of docs/ and generated clients, against make dev
	@tests/clients/run.sh

test-console: ## the console: its parts, and every screen in a browser against make dev
	@tests/console/run.sh

test-moto: ## the black-box tests on moto, each function under its policy of infra/template.yaml
	@tests/moto/run.sh

test-infra: ## the SAM template linted, translated and deployed into a local AWS; the workflows checked
	@tests/infra/run.sh

fuzz: ## fuzz the service by its OpenAPI document (EXAMPLES=100 for more)
	@infra/dev/setup.sh
	@tests/fuzz/run.sh

attack: ## race and kill the real binaries (FULL=1 RELEASE=1 for all of it; SEED, ATTACKS)
	@tests/attack/run.sh

coverage: ## generate docs/COVERAGE.md from the directory of institutions
	UPDATE_COVERAGE=1 cargo test --locked -q -p daftari-sms --test directory the_published_page

bench: ## cost of reports and of reading messages, in release builds
	cargo bench --locked -p daftari-tests --bench reports
	cargo run --locked --release -p daftari-domain --example report_cost
	cargo run --locked --release -p daftari-sms --features check --example throughput -- $(wildcard $(DAFTARI_SMS_DATA)/*.jsonl)

bench-users: ## read units of pages and rates of partition keys for 10 million users of one tenant (simulated)
	DAFTARI_SIMULATED_USERS=10000000 cargo test --locked -p daftari-platform --lib users::simulation -- --nocapture

bench-start: ## size, start time and first request of every function's release binary
	@infra/dev/bench-start.sh

package: ## build the input of sam deploy, in infra/.aws-sam/build/ (ARCH=arm64 or x86_64, FUNCTIONS="dti users")
	@infra/dev/package.sh

clean: ## remove builds, installed tools and local data
	cargo clean
	rm -rf functions/console/web/node_modules
	find functions/console/web/dist -type f ! -name .gitignore -delete
	rm -rf .tools .local .site .schemathesis infra/.aws-sam infra/dev/docs/node_modules tests/clients/typescript/node_modules

# The deployment scripts read their settings from the environment, where make puts its variables.
.PHONY: bootstrap deploy smoke load audit-tools logs admin rotate-keys prune destroy test-deploy

test-deploy: ## the deployment scripts against a local server that behaves like AWS; the smoke test against make dev
	@tests/deploy/run.sh
	@tests/e2e/with_server.sh tests/deploy/smoke_local.sh

bootstrap: ## keys before the first deployment (ENV), then the first login (ORGANIZATION, COUNTRY, EMAIL)
	@infra/deploy/run.sh bootstrap

deploy: ## build, deploy and smoke-test ENV=dev, staging or prod; roll back if that fails (LOGIN, ARCH, PARAMETERS, YES=1)
	@infra/deploy/run.sh deploy

smoke: ## smoke-test a running service: URL=https://…, LOGIN=email:password to write and read back too
	@PYTHONDONTWRITEBYTECODE=1 python3 infra/deploy/smoke.py

load: ## load on a running service: URL=https://…, LOGIN=email:password (USERS=50, DURATION=2m, ENV for units)
	@infra/load/run.sh

audit-tools: ## known faults of the packages of Python and of npm that .tools/ and node_modules/ get
	@infra/dev/setup.sh audit
	@infra/dev/setup.sh node
	@for lock in $$(git ls-files '*package-lock.json'); do \
	    echo "== $$lock"; \
	    (cd "$$(dirname "$$lock")" && PATH="$(CURDIR)/.tools/node/bin:$$PATH" npm audit --package-lock-only) || exit 1; \
	done
	@for file in infra/dev/tools/*.txt; do \
	    echo "== $$file"; .tools/audit/bin/pip-audit --disable-pip --requirement "$$file" --progress-spinner off || exit 1; \
	done

logs: ## log lines of ENV (FUNCTION, SINCE=15m, FILTER, FOLLOW=1)
	@infra/deploy/run.sh logs

admin: ## daftari-admin on the table of ENV: ARGS='organization list'
	@infra/deploy/run.sh admin

rotate-keys: ## replace the signing key of ENV: STEP=add, activate, retire; see docs/OPERATIONS.md
	@infra/deploy/run.sh rotate_keys

prune: ## delete old versions of the functions of ENV (KEEP=10; YES=1, else it only lists them)
	@infra/deploy/run.sh prune

destroy: ## delete the stack of ENV, after a confirmation
	@infra/deploy/run.sh destroy
