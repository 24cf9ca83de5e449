#!/usr/bin/env bash
# Every benchmark that is built, one after another. Called by `./run bench`; arguments go to each
# (--benchmark_filter=… and the like). Benchmarks against peers are scripts in bench/, see docs/performance.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
found=0
for program in build/release/bench/*/bench_*; do
  [ -x "$program" ] && [ -f "$program" ] || continue
  found=1
  echo "== $(basename "$program")"
  "$program" "$@"
done
[ "$found" = 1 ] || { echo "bench: no benchmark is built" >&2; exit 3; }
