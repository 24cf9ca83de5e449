#!/bin/sh
# fuzz/run.sh [SECONDS] [tflite|graph_text ...]: builds the fuzzers, collects seeds and runs each so long (600 s).
# Seeds: the tests' files and, when they are there, the models of ../shared/models or $PARSIMONY_MODELS. What is found
# lies in build/fuzz/found; what is learned stays in build/fuzz/corpus for the next run.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-600}
[ $# -gt 0 ] && shift
readers=${*:-tflite graph_text}
models=${PARSIMONY_MODELS:-../shared/models}
largest=65536  # [B] of a seed; more is slow and teaches little

mkdir -p build
cmake --preset fuzz > build/fuzz.log || { cat build/fuzz.log; exit 3; }
cmake --build --preset fuzz
bin=build/fuzz/fuzz
mkdir -p build/fuzz/found build/fuzz/seeds/tflite build/fuzz/seeds/graph_text
find tests/import "$models" -name '*.tflite' -size -${largest}c -exec cp {} build/fuzz/seeds/tflite/ \; 2> /dev/null || true
$bin/fuzz_seeds build/fuzz/seeds/graph_text build/fuzz/seeds/tflite/*.tflite 2> build/fuzz/refused.log
find tests -name '*.graph' -size -${largest}c -exec cp {} build/fuzz/seeds/graph_text/ \;
awk -v out=build/fuzz/seeds/graph_text '/^parsimony-graph/ { file = out "/golden" ++n ".graph"; inside = 1 }
  inside { print > file } /^end/ { inside = 0; close(file) }' tests/ir/golden/tflite_micro.txt
for reader in $readers; do
  mkdir -p "build/fuzz/corpus/$reader"
  echo "$reader: $(ls build/fuzz/seeds/$reader | wc -l) seeds, $seconds s"
  nice $bin/fuzz_$reader -max_total_time="$seconds" -max_len=$largest -rss_limit_mb=1024 -timeout=10 -print_final_stats=1 \
    -dict=fuzz/$reader.dict -artifact_prefix=build/fuzz/found/ "build/fuzz/corpus/$reader" "build/fuzz/seeds/$reader"
done
