#!/usr/bin/env bash
# Take the picture of the demo's report that README shows.
set -euo pipefail
cd "$(dirname "$0")/.."
report=$(realpath "$1")
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT
chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
  --disable-background-networking --disable-component-update --disable-sync --hide-scrollbars \
  --user-data-dir="$profile" --window-size=1200,${HEIGHT:-890} \
  --screenshot=docs/images/report.png "file://$report" 2>/dev/null
size=$(stat -c %s docs/images/report.png)
if [ "$size" -gt 400000 ]; then echo "docs/images/report.png has $size bytes: over 400 kB" >&2; exit 1; fi
echo "docs/images/report.png: $size bytes"
