#!/usr/bin/env bash
# Installs what the tests need on Debian and Ubuntu, and says what is missing
# elsewhere.
set -euo pipefail
missing=()
command -v pg_config >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || [ -x "$(pg_config --bindir 2>/dev/null)/initdb" ] || missing+=(postgresql)
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
command -v redis-server >/dev/null || missing+=(redis-server)
PATH=$PATH:/usr/sbin command -v nginx >/dev/null || missing+=(nginx-light)
PATH=$PATH:/usr/sbin command -v pgbouncer >/dev/null || missing+=(pgbouncer)
command -v npm >/dev/null || missing+=(nodejs npm)
command -v gcc >/dev/null || missing+=(gcc libc6-dev) # the race detector needs it
# clusters of the tests need Redis 7.0; Ubuntu 22.04 has 6.0
redis_is_new() {
  local major
  major=$(redis-server --version | sed -n 's/.*v=\([0-9]*\)\..*/\1/p')
  if [ "${major:-0}" -lt 7 ]; then
    echo "The tests need redis-server 7.0 or newer, and this is $(redis-server --version)" >&2
    echo "Install it: https://redis.io/docs/latest/operate/oss_and_stack/install/" >&2
    exit 1
  fi
}
if command -v redis-server >/dev/null; then
  redis_is_new
fi
if [ ${#missing[@]} -eq 0 ]; then
  exit 0
fi
echo "missing: ${missing[*]}"
install=(apt-get install -y --no-install-recommends "${missing[@]}")
if ! command -v apt-get >/dev/null; then
  echo "Install them with this system's package manager, then run again." >&2
  exit 1
fi
if [ "$(id -u)" = 0 ]; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive "${install[@]}" >/dev/null
elif command -v sudo >/dev/null; then
  sudo apt-get update -qq && sudo DEBIAN_FRONTEND=noninteractive "${install[@]}" >/dev/null
else
  echo "Install them: ${install[*]}" >&2
  exit 1
fi
redis_is_new
