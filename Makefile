# make run    start a whole meeting server on this machine
# make test   prove every promise against real parts
SHELL := /bin/bash
GO ?= go
LINT := $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME ?= 10000x

.PHONY: run build web dist test test-long test-deploy lint check fuzz bench load generate needs

run: web
	CGO_ENABLED=0 $(GO) build -o bin/ ./cmd/meet-standalone
	bin/meet-standalone serve

build: web
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w" -o bin/ ./cmd/...

# What a release ships, the same bytes for the same commit: dist/*.tar.gz.
dist: web
	VERSION=$(VERSION) COMMIT=$(COMMIT) GO=$(GO) deploy/dist.sh dist

# The server works without npm; its page then says what is missing.
web:
	@if command -v npm >/dev/null; then \
		[ -n "$$(find web/dist -name index.html -newer web/package-lock.json 2>/dev/null)" ] && \
		[ -z "$$(find web/src web/index.html web/build.mjs web/package-lock.json -newer web/dist/index.html)" ] || \
		(cd web && npm ci --no-progress && npm run build); \
	else echo "npm is missing, the web client is not built"; fi

needs:
	test/needs.sh

test: needs web test-deploy
	test/with-postgres.sh $(GO) test -race -timeout 20m ./...
	FUZZTIME=$(FUZZTIME) test/fuzz.sh

# What takes longer: servers are killed 500 times.
test-long: needs web
	FAULT_ROUNDS=500 test/with-postgres.sh $(GO) test -race -timeout 20m -run TestNoAcknowledgedWriteIsLost ./test/fault/

# What deploy/ holds; a module of its own.
test-deploy: web
	cd test/deploy && $(GO) vet ./... && $(GO) test -count 1 -timeout 15m ./...

fuzz:
	FUZZTIME=1000000x test/fuzz.sh

lint: web
	$(LINT) run ./...
	@[ -z "$$(gofmt -l $$(git ls-files '*.go'))" ] || (echo "not formatted:"; gofmt -l $$(git ls-files '*.go'); exit 1)

check: lint test

# Mixed traffic on small and large databases; takes about half an hour.
load: web
	test/with-postgres.sh $(GO) test -run "^$$$$" -bench . -benchtime 1x -timeout 60m ./test/load/

bench: web
	test/with-postgres.sh $(GO) test -run '^$$' -bench . -benchtime 10s -timeout 20m ./test/bench/

generate:
	$(GO) generate ./...
	$(GO) test ./bootstrap/settings -update
