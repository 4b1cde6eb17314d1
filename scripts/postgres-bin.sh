#!/bin/bash
# Prints the folder with PostgreSQL's server programs (initdb, pg_ctl), the newest if there are several; exit code 1 if there is none.
set -u
if found=$(command -v initdb) && command -v pg_ctl >/dev/null; then
  dirname "$(readlink -f "$found")"
  exit 0
fi
newest=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$newest" ] && [ -x "$newest/initdb" ] && [ -x "$newest/pg_ctl" ] && echo "$newest"
