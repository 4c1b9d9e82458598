#!/usr/bin/env bash
# Runs every fuzz target for FUZZTIME: a number of tries (10000x), because at the
# end of a time (5s) go test now and then reports the deadline as a failure.
set -euo pipefail
grep -rl --include='*_test.go' '^func Fuzz' . | xargs -r -n 1 dirname | sort -u | while read -r package; do
  grep -rhoE '^func (Fuzz[A-Za-z0-9]+)' "$package"/*_test.go | awk '{print $2}' | while read -r target; do
    echo "fuzz $package $target"
    go test -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-10000x}" "$package"
  done
done
