#!/bin/bash
# `console.sh packages` installs the npm packages of the console and of its browser tests where the lock file is newer
# than what is installed; `console.sh build` does that and builds the console unless its build is newer than every source.
set -euo pipefail
cd "$(dirname "$0")/.."

packages() {
  local folder
  for folder in admin-ui tests/browser; do
    [ -f $folder/package-lock.json ] || continue
    if [ $folder/package-lock.json -nt $folder/node_modules/.package-lock.json ]; then
      echo "console: installing the npm packages of $folder"
      # Not `npm ci`: it refuses a lock file that lacks the packages of other systems, and npm leaves those out of it when
      # its registry does not carry them. Versions and checksums are those of the lock file, which is not written.
      (cd $folder && npm install --no-save --no-audit --no-fund --loglevel=error)
      touch $folder/node_modules/.package-lock.json
    fi
  done
}

is_fresh() {
  [ -f admin-ui/dist/index.html ] || return 1
  [ -z "$(find admin-ui -mindepth 1 \( -path admin-ui/node_modules -o -path admin-ui/dist \) -prune \
    -o -newer admin-ui/dist/index.html -print -quit)" ]
}

case ${1:-} in
  packages) packages ;;
  build)
    packages
    if ! is_fresh; then (cd admin-ui && npm run --silent build); fi ;;
  *) echo "usage: scripts/console.sh packages|build" >&2; exit 2 ;;
esac
