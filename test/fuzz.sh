#!/usr/bin/env bash
# Runs every fuzz target for FUZZTIME.
set -euo pipefail
grep -rl --include='*_test.go' '^func Fuzz' . | xargs -r -n 1 dirname | sort -u | while read -r package; do
  grep -rhoE '^func (Fuzz[A-Za-z0-9]+)' "$package"/*_test.go | awk '{print $2}' | while read -r target; do
    echo "fuzz $package $target"
    go test -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-5s}" "$package"
  done
done
