#!/bin/bash
# measure-moving.sh [DECLARATIONS] makes a sample register and times copy, backup, check and restore on both engines with the
# release binary; prints events, seconds and events a second for each. It starts a PostgreSQL of its own, with fsync.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${SENGEN_TEST_POSTGRES:-}" ]; then exec scripts/with-postgres.sh "$0" "$@"; fi
sengen=$PWD/target/release/sengen
[ -x "$sengen" ] || { echo "measure-moving: run make build first" >&2; exit 1; }
folder=$(mktemp -d "${TMPDIR:-/tmp}/sengen-moving.XXXXXX")
trap 'rm -rf "$folder"' EXIT
cd "$folder"
bin=$("$OLDPWD/scripts/postgres-bin.sh")
for name in moved restored; do "$bin/psql" -qX "$SENGEN_TEST_POSTGRES" -c "CREATE DATABASE $name"; done
url() { echo "${SENGEN_TEST_POSTGRES%/*}/$1"; }
measure() {
  local what=$1
  shift
  "$@" --json 2>/dev/null | sed -E "s/.*\"events_per_second\":([0-9]+).*\"position\":([0-9]+).*\"seconds\":([0-9.]+).*/$what: \2 events, \3 s, \1 events\/s/"
}
"$sengen" sample --declarations "${1:-20000}" 2>/dev/null
measure "copy SQLite to PostgreSQL" "$sengen" copy --from sqlite:data/sengen.db --to "$(url moved)"
measure "copy PostgreSQL to SQLite" "$sengen" copy --from "$(url moved)" --to sqlite:back/sengen.db
measure "copy SQLite to SQLite" "$sengen" copy --from sqlite:data/sengen.db --to sqlite:again/sengen.db
measure "backup of SQLite" "$sengen" backup --to sqlite.tar
measure "backup of PostgreSQL" "$sengen" --database-url "$(url moved)" backup --to postgres.tar
ls -l sqlite.tar | awk '{ print "the archive has " $5 " bytes" }'
measure "check of an archive" "$sengen" restore sqlite.tar --check
mkdir new && cp data/key-encryption.key new/
measure "restore into SQLite" "$sengen" --data-dir new restore sqlite.tar
measure "restore into PostgreSQL" "$sengen" --database-url "$(url restored)" restore sqlite.tar
