# The two commands: `make run` and `make test`. Both do their own set-up.
.PHONY: help build run test
BIN := target/release/sengen

help:
	@echo "make run    build everything, load a made-up sample register into ./data, serve it"
	@echo "make test   everything that has to pass before a change lands"
	@echo "make build  the console and target/release/sengen"

build:
	@scripts/setup.sh build
	@scripts/console.sh build
	cargo build --release --package sengen

run: build
	@# An interrupted sample must not pass for a whole one.
	@if [ ! -e data ]; then rm -rf data.part && $(BIN) sample --data-dir data.part && mv data.part data; fi
	@exec $(BIN) serve

test:
	@scripts/setup.sh test
	@scripts/console.sh packages
	@scripts/with-postgres.sh --fast cargo xtask ci
