#!/usr/bin/env bash
# Builds what a release ships into a folder: both binaries for each processor
# with completions and manual pages, packed, and their digests. The same
# commit gives the same bytes.
#   deploy/dist.sh [folder]    VERSION, COMMIT, ARCHES, EDITIONS may be set
set -euo pipefail
mkdir -p "${1:-dist}"
out=$(cd "${1:-dist}" && pwd)
cd "$(dirname "$0")/.."
go=${GO:-go}
describe() { git describe --tags --always --dirty 2>/dev/null || echo dev; }
version=${VERSION:-$(describe)}
version=${version#v}
commit=${COMMIT:-$(git rev-parse HEAD 2>/dev/null || true)}
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
export LC_ALL=C TZ=UTC CGO_ENABLED=0
flags="-s -w -buildid= -X meet/bootstrap.version=$version -X meet/bootstrap.commit=$commit"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for edition in ${EDITIONS:-meet meet-standalone}; do
  "$go" build -trimpath -buildvcs=false -ldflags "$flags" -o "$work/here/" "./cmd/$edition" # runs on this machine
  extras="$work/$edition"
  mkdir -p "$extras/completions"
  for shell in bash zsh fish; do
    "$work/here/$edition" completion "$shell" >"$extras/completions/$edition.$shell"
  done
  "$work/here/$edition" man "$extras/man"
  for arch in ${ARCHES:-amd64 arm64}; do
    name="$edition-$version-linux-$arch"
    mkdir "$work/$name"
    GOOS=linux GOARCH=$arch "$go" build -trimpath -buildvcs=false -ldflags "$flags" -o "$work/$name/$edition" "./cmd/$edition"
    cp -r "$extras/completions" "$extras/man" LICENSE "$work/$name/"
    [ "$edition" != meet ] || cp deploy/systemd/meet.service "$work/$name/"
    chmod -R u=rwX,go=rX "$work/$name"
    tar -C "$work" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --format=ustar -cf - "$name" |
      gzip -n -9 >"$out/$name.tar.gz"
  done
done
(cd "$out" && sha256sum -- *.tar.gz >SHA256SUMS)
