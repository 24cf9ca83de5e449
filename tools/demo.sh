#!/usr/bin/env bash
# The main job from data to two networks verified on a Cortex-M4 in QEMU. Called by `./run demo`.
# demo.sh [OUT]: OUT holds the study and the networks (default build/demo); an interrupted demo goes on.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
out=${1:-build/demo}
study_file=${PARSIMONY_DEMO_STUDY:-examples/motions.yaml}
program=build/release/bin/parsimony

"$program" search "$study_file" --out "$out/study"
for which in best small; do
  "$program" export "$out/study" --trial "$which" -o "$out/$which" --name "motions_$which"
  "$program" verify "$out/$which" --target all --study "$out/study"
done
echo
echo "Open $out/study/report.html for the report; $out/best and $out/small are the networks as C source."
