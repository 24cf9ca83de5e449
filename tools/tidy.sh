#!/usr/bin/env bash
# clang-tidy (settings: .clang-tidy) over the folders of src/parsimony that are named, all of them when none is.
# Called by `./run tidy`. A finding fails it, and so does a name under which there is nothing to check.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cmake --preset release -B build/tidy -DCMAKE_EXPORT_COMPILE_COMMANDS=ON >/dev/null

files=()
for folder in "${@:-}"; do
  mapfile -t found < <(sed -n 's/^ *"file": "\(.*\)".*/\1/p' build/tidy/compile_commands.json |
    grep -E "/src/parsimony/${folder:-[a-z]+}/[^/]+\.cpp$" | sort -u)
  [ "${#found[@]}" -gt 0 ] || { echo "tidy: nothing to check in src/parsimony/$folder" >&2; exit 2; }
  files+=("${found[@]}")
done

echo "clang-tidy over ${#files[@]} files"
# It counts what it suppressed in the headers of others; those lines are left out.
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" clang-tidy -p build/tidy --quiet 2>&1 |
  { grep -v -E '^[0-9]+ warnings? (generated|treated as errors?)' || true; } || exit 1
