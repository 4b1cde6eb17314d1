#!/bin/bash
# Fails when systemd judges our unit to be exposed by more than 1.5 (0 is closed, 10 is open).
set -euo pipefail
unit=$(dirname "$0")/../deploy/systemd/sengen.service
if ! report=$(systemd-analyze security --offline=true --no-pager --threshold=15 "$unit" 2>&1); then
  echo "$report" | grep -v '^✓'
  exit 1
fi
echo "$report" | tail -n 1
