#!/usr/bin/env bash
# Write the locks: universal (every platform, Python 3.11 and later), hashed, naming no registry.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=${UV:-.venv/bin/uv}
common=(--universal --python-version 3.11 --fork-strategy fewest --generate-hashes
  --no-emit-index-url --no-emit-find-links --no-header --quiet)
upgrade=()
if [ "${UPGRADE:-no}" = yes ]; then upgrade=(--upgrade); fi
compile() { "$uv" pip compile "${common[@]}" "${upgrade[@]}" "$@"; }
compile pyproject.toml --output-file requirements/run.lock
compile requirements/build.in --constraint requirements/run.lock \
  --output-file requirements/build.lock
compile pyproject.toml requirements/build.in --extra dev --extra docs --extra pandas --extra polars --extra spark \
  --constraint requirements/run.lock --constraint requirements/build.lock \
  --output-file requirements/dev.lock
compile pyproject.toml requirements/build.in --extra dev --extra docs --extra pandas --extra polars --extra spark \
  --extra bench --constraint requirements/dev.lock --output-file requirements/bench.lock
