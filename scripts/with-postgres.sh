#!/bin/bash
# with-postgres.sh [--fast | --memory SIZE] COMMAND… starts a PostgreSQL cluster of its own on a free port of 127.0.0.1, runs COMMAND with
# SENGEN_TEST_POSTGRES=postgres://… and removes the cluster, also after Ctrl-C. Its exit code is that of COMMAND.
# --fast gives up durability: right for tests, wrong for measurements. --memory is what the cluster keeps of its pages, such as 2GB.
set -euo pipefail

settings=(-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=400)
if [ "${1:-}" = --fast ]; then
  shift
  settings+=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off)
elif [ "${1:-}" = --memory ] && [ -n "${2:-}" ]; then
  settings+=(-c "shared_buffers=$2")
  shift 2
fi
[ $# -gt 0 ] || { echo "usage: scripts/with-postgres.sh [--fast | --memory SIZE] COMMAND…" >&2; exit 2; }
bin=$("$(dirname "$0")/postgres-bin.sh") ||
  { echo "with-postgres: PostgreSQL's server programs are missing: run scripts/setup.sh test" >&2; exit 1; }

folder=$(mktemp -d "${TMPDIR:-/tmp}/sengen-postgres.XXXXXX")
# PostgreSQL refuses to run as root.
as_user=()
if [ "$(id -u)" = 0 ]; then
  user=postgres
  id -u $user >/dev/null 2>&1 || user=nobody
  as_user=(setpriv "--reuid=$user" "--regid=$(id -g $user)" --clear-groups)
  chown "$user" "$folder"
fi
in_cluster() { (cd "$folder" && HOME=$folder "${as_user[@]}" "$@"); }

remove() {
  trap '' INT TERM
  in_cluster "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap remove EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

in_cluster "$bin/initdb" -D "$folder/data" -U sengen -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$folder/initdb.log" 2>&1 ||
  { cat "$folder/initdb.log" >&2; exit 1; }
# A port may be taken between the look and the start: then another one is tried.
for _ in 1 2 3 4 5 6 7 8 9 10; do
  port=$((20000 + RANDOM % 12000))
  if in_cluster "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -s -o "-p $port ${settings[*]}" start >/dev/null 2>&1; then
    started=yes
    break
  fi
done
[ "${started:-}" = yes ] || { cat "$folder/log" >&2; echo "with-postgres: PostgreSQL did not start" >&2; exit 1; }

export SENGEN_TEST_POSTGRES="postgres://sengen@127.0.0.1:$port/postgres"
status=0
"$@" || status=$?
exit $status
