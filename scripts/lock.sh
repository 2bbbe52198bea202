#!/usr/bin/env bash
# Write the lock files anew from pyproject.toml: exact versions with hashes, and no registry address.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
compile() {
  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
    --no-emit-index-url --no-emit-find-links --output-file "$1" "${@:2}"
}
printf 'uv\n' | compile requirements/bootstrap.txt -
printf 'hatchling\neditables\n' | compile requirements/demo.txt pyproject.toml - --extra web
printf 'hatchling\neditables\n' | compile requirements/test.txt pyproject.toml - --extra web --extra postgres --extra national --extra second-opinion --extra dev
