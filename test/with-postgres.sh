#!/usr/bin/env bash
# Starts a throw-away PostgreSQL on a free loopback port, runs the command with
# TEST_POSTGRES_URL set, and stops it again.
set -euo pipefail
bin=$(pg_config --bindir 2>/dev/null || true)
[ -x "$bin/initdb" ] || bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
if [ ! -x "$bin/initdb" ]; then
  echo "PostgreSQL is missing. Install it: sudo apt-get install -y postgresql" >&2
  exit 1
fi
dir=$(mktemp -d)
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then # the server refuses to run as root
  chown postgres "$dir"
  as() { runuser -u postgres -- "$@"; }
fi
port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])' 2>/dev/null ||
  node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
stop() {
  (cd / && as "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1) || true
  rm -rf "$dir"
}
trap stop EXIT
(
  cd /
  as "$bin/initdb" -D "$dir/data" -U postgres --auth=trust -E UTF8 --locale=C.UTF-8 >/dev/null
  as "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$dir \
    -c fsync=off -c max_connections=400 -c shared_buffers=256MB" start >/dev/null
) || { cat "$dir/log" >&2; exit 1; }
export TEST_POSTGRES_URL="postgres://postgres@127.0.0.1:$port/postgres?sslmode=disable"
"$@"
