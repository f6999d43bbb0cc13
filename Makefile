# What a developer and CI run; each target is one script. `make` alone only explains.
.DEFAULT_GOAL := help
.PHONY: help setup start build watch test check unit e2e schemathesis soak watch-test fmt fuzz bench bench-engine screenshots clean-data

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what is missing to build (toolchain, cargo-leptos, wasm-bindgen, npm packages)
	@scripts/setup

start: ## Run Togglebit with its demo at http://127.0.0.1:3000, building it first where needed
	@scripts/start

build: ## Build the release, unless it is up to date
	@scripts/build

watch: ## Develop: rebuild and reload at each change
	@scripts/watch

test: ## Everything that CI checks: format, lints, tests, release build, browser tests
	@scripts/test

check: ## Only format and lints
	@scripts/check

unit: ## Only unit, integration and doc tests
	@scripts/unit

e2e: ## Only the browser tests, against the release
	@scripts/e2e

schemathesis: ## Only the API against its own document, with data that nobody thought of
	@scripts/schemathesis

soak: ## Several nodes and faults, for longer than `make test` does; prints how soon changes are on other nodes
	@scripts/soak

watch-test: ## Check that `make watch` rebuilds after a change
	@scripts/check-watch

fmt: ## Format the Rust sources
	@cargo fmt --all && cargo fmt --manifest-path bench/peers/Cargo.toml

fuzz: ## Feed the engine random documents and contexts, FUZZ_SECONDS (60) for each of two targets
	@scripts/fuzz

bench: ## Measure Togglebit under load and in a browser; ONLY="single all streams many cold pages hydration landing" chooses
	@scripts/bench $(ONLY)

bench-engine: ## Measure the engine beside other vendors' Rust crates
	@scripts/bench-engine

screenshots: ## Write screenshots of the pages to ./screenshots
	@scripts/screenshots

clean-data: ## Delete the local data folder (./data)
	@rm -rf data
