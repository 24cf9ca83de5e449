#!/usr/bin/env python3
"""Holds .tflite models, imported and interpreted by us, against TFLite Micro, byte by byte.

    cmake --preset release -DPARSIMONY_BENCH=ON && ninja -C build/release import_run
    pip install tflite-micro numpy
    python3 bench/import/peer_bytes.py [--cases 1000] [--program build/release/bench/import/import_run] [MODEL.tflite ...]
    python3 bench/import/peer_bytes.py --write FOLDER MODEL.tflite ...   what tests/import reads: FOLDER/MODEL.txt

Without models: the four of ../shared/models/mlperf_tiny. The cases: all bytes -128, all 127, all zero points, -128 and
127 in turn, then uniform random bytes and, every other case, random ones round the zero point. Models with a float or
uint8 input take the same int8 values, as the import defines them. Exit 1 when a byte differs or a
model is refused.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from tflite_micro.python.tflite_micro import runtime

ARENA = 4 << 20
KINDS = ("interpreter", "evaluator")


def cases(count, elements, zero_point, random):
    rows = np.empty((count, elements), np.int8)
    for k in range(count):
        if k % 2 == 0:
            rows[k] = random.integers(-128, 128, elements)
        else:
            spread = random.choice([2.0, 10.0, 40.0])
            rows[k] = np.clip(np.round(zero_point + spread * random.standard_normal(elements)), -128, 127)
    special = [np.full(elements, -128), np.full(elements, 127), np.full(elements, zero_point),
               np.where(np.arange(elements) % 2 == 0, -128, 127)]
    for k, row in enumerate(special[:count]):
        rows[k] = row
    return rows


def seeded(seed, elements):
    """The bytes that tests/import makes of the same seed: the upper ones of a linear congruential generator."""
    state, values = seed, []
    for _ in range(elements):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append((state >> 24) - 128)
    return np.array(values, np.int8)


def to_their_input(values, details, quantisation):
    """Our int8 values as the model's own input type."""
    kind = details["dtype"]
    if kind == np.int8:
        return values
    if kind == np.uint8:
        return (values.astype(np.int32) + 128).astype(np.uint8)
    scale, zero_point = quantisation
    return ((values.astype(np.float32) - zero_point) * np.float32(scale)).astype(np.float32)


def to_our_output(values, quantisation):
    """The model's own output as our int8 values."""
    if values.dtype == np.int8:
        return values
    if values.dtype in (np.int32, np.int64):  # an index
        return (values - 128).astype(np.int8)
    if values.dtype == np.uint8:
        return (values.astype(np.int32) - 128).astype(np.int8)
    scale, zero_point = quantisation
    return np.round(values / np.float32(scale) + zero_point).astype(np.int8)


def quantisations(graph_text):
    """(scale, zero point) of our input and output, from the graph's text."""
    tensors, ends = {}, []
    for line in graph_text.splitlines():
        words = line.split()
        if words[:1] == ["tensor"]:
            tensors[words[1]] = (float(words[words.index("scale") + 1]), int(words[words.index("zero_point") + 1]))
        if words[:1] in (["input"], ["output"]):
            ends.append(tensors[words[1]])
    return ends


def theirs(model, rows, ends):
    interpreter = runtime.Interpreter.from_bytes(model, arena_size=ARENA)
    details = interpreter.get_input_details(0)
    outputs = []
    for row in rows:
        interpreter.set_input(to_their_input(row.reshape(details["shape"]), details, ends[0]), 0)
        interpreter.invoke()
        outputs.append(to_our_output(interpreter.get_output(0), ends[1]).ravel())
    return np.stack(outputs)


def ours(program, path, rows, kind):
    with tempfile.TemporaryDirectory() as folder:
        inputs, outputs = pathlib.Path(folder) / "inputs", pathlib.Path(folder) / "outputs"
        inputs.write_bytes(rows.tobytes())
        subprocess.run([program, path, inputs, outputs, kind], check=True)
        return np.frombuffer(outputs.read_bytes(), np.int8).reshape(len(rows), -1)


def write_rows(folder, path, model, elements, ends):
    """Two inputs by their seeds, and TFLite Micro's outputs."""
    seeds = (1, 2)
    outputs = theirs(model, np.stack([seeded(seed, elements) for seed in seeds]), ends)
    lines = [f"seed {seed}\noutput {row.tobytes().hex()}\n" for seed, row in zip(seeds, outputs)]
    (folder / path.with_suffix(".txt").name).write_text("".join(lines))


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser()
    parser.add_argument("models", nargs="*", type=pathlib.Path)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--program", type=pathlib.Path, default=root / "build/release/bench/import/import_run")
    parser.add_argument("--only", choices=KINDS, help="one of the two of ours")
    parser.add_argument("--write", type=pathlib.Path, metavar="FOLDER")
    arguments = parser.parse_args()
    models = arguments.models or sorted((root / "../shared/models/mlperf_tiny").glob("*.tflite"))
    if not models:
        sys.exit("no models: none given, none in ../shared/models/mlperf_tiny")
    differing = refused = 0
    for path in models:
        imported = subprocess.run([arguments.program, path], capture_output=True, text=True)
        if imported.returncode != 0:
            print(f"{path.name:32} refused: {imported.stderr.strip()}", flush=True)
            refused += 1
            continue
        ends = quantisations(imported.stdout)
        model = path.read_bytes()
        shape = runtime.Interpreter.from_bytes(model, arena_size=ARENA).get_input_details(0)["shape"]
        if arguments.write:
            write_rows(arguments.write, path, model, int(np.prod(shape)), ends)
            continue
        rows = cases(arguments.cases, int(np.prod(shape)), ends[0][1], np.random.default_rng(1))
        expected = theirs(model, rows, ends)
        for kind in KINDS if arguments.only is None else (arguments.only,):
            given = ours(arguments.program, path, rows, kind)
            bytes_off = int((given != expected).sum())
            rows_off = int((given != expected).any(axis=1).sum())
            differing += bytes_off
            print(f"{path.name:32} {kind:12} {len(rows)} inputs, {expected.size} output bytes: "
                  f"{bytes_off} differ, in {rows_off} inputs", flush=True)
    print(f"{len(models) - refused} models, {differing} bytes differ; {refused} models refused")
    sys.exit(differing + refused != 0)


if __name__ == "__main__":
    main()
