#!/usr/bin/env python3
"""The four MLPerf Tiny models, compiled, verified on every core and held against their bars; one Markdown table.

    python3 bench/deploy/mlperf.py [--program build/release/bin/parsimony] [--cases 2] [--only kws,ad]

With --bytes, instead: random inputs against TFLite Micro's bytes, N on the host and the Cortex-M4 and
--other-bytes on the other cores, in QEMU, through the emitted folders' own test/stream:

    python3 -m venv TFLM && TFLM/bin/pip install tflite-micro
    TFLM/bin/python bench/deploy/mlperf.py --bytes 1000 [--other-bytes 100]

The inputs: all bytes -128, all 127, all zero points, then uniform bytes and, every other case, bytes round the
zero point. Needs what `parsimony verify` needs: make, cc, arm-none-eabi-gcc, qemu-system-arm. Exit 1 when a byte
differs. Instructions are QEMU's count, no cycles.
"""
import argparse
import collections
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

# min_constants: weights + 4 B bias + 4 B multiplier + 1 B shift a channel. arena, m4, m3, m55: at most (issue of the
# back end); m3 is 15 % below CMSIS-NN's count, m55 CMSIS-NN's.
Model = collections.namedtuple("Model", "file min_constants arena m4 m3 m55")
MODELS = {
    "IC": Model("ic_resnet8_int8", 80_429, 34_000, 18.5e6, 0.85 * 41.75e6, 4.76e6),
    "KWS": Model("kws_dscnn_int8", 27_253, 8_700, 5.3e6, 0.85 * 10.54e6, None),
    "VWW": Model("vww_mobilenetv1_int8", 232_749, 37_200, 16e6, 0.85 * 32.08e6, None),
    "AD": Model("ad_autoencoder_int8", 270_930, 1_100, 0.40e6, None, None),
}
CODE_AT_MOST = {"speed": 12 * 1024, "size": 5 * 1024}  # over the minimum constants; not asked of AD
SIZE_INSTRUCTIONS_AT_MOST = 1.3  # times those of the speed build
SECONDS_AT_MOST = 1.0
MACHINES = {"cortex-m0": "mps2-an385", "cortex-m3": "mps2-an385", "cortex-m4": "mps2-an386",
            "cortex-m7": "mps2-an500", "cortex-m33": "mps2-an505", "cortex-m55": "mps3-an547"}
RUN_SECONDS = 7200


def compiled(arguments, model, out, target="cortex-m4", optimise="speed"):
    """Writes the folder; seconds that it took, the best of three."""
    command = [arguments.program, "compile", arguments.models / f"{model.file}.tflite", "-o", out, "--name", "network",
               "--target", target, "--optimise", optimise]
    seconds = []
    for _ in range(3):
        start = time.monotonic()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.monotonic() - start)
    return min(seconds)


def measured(arguments, model, optimise):
    """What verify says, by core; and the seconds of the compilation."""
    with tempfile.TemporaryDirectory() as temporary:
        out = pathlib.Path(temporary) / "network"
        seconds = compiled(arguments, model, out, optimise=optimise)
        command = [arguments.program, "verify", out, "--target", "all", "--cases", str(arguments.cases), "--json"]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if done.returncode not in (0, 1):
            sys.exit(done.returncode)
        return {row["target"]: row for row in json.loads(done.stdout)}, seconds


def cell(figure, bar, show):
    if bar is None:
        return show(figure)
    return f"{show(figure)} (≤ {show(bar)})" if figure <= bar else f"**{show(figure)}** (≤ {show(bar)})"


def whole(figure):
    return f"{figure:,.0f}"


def millions(figure):
    return f"{figure / 1e6:.2f} M" if figure >= 1e6 else f"{figure / 1e6:.3f} M"


def rows(names, speed, size):
    """(what, cell of each model), in the order of the bars."""
    def row(what, value):
        return what, [value(name, MODELS[name]) for name in names]

    def on(build, core, key):
        return lambda name: build[name][0][core][key]

    def code(build, optimise, core="cortex-m4"):
        def value(name, model):
            bar = CODE_AT_MOST[optimise] if name != "AD" else None
            return cell(on(build, core, "rom_bytes")(name) - model.min_constants, bar, whole)
        return value

    def bars(name, model, core):
        return {"cortex-m4": model.m4, "cortex-m3": model.m3, "cortex-m55": model.m55}.get(core)

    yield row("arena, speed [B]",
              lambda name, model: cell(on(speed, "cortex-m4", "ram_bytes")(name), model.arena, whole))
    yield row("arena on M55, speed [B]",
              lambda name, model: cell(on(speed, "cortex-m55", "ram_bytes")(name), model.arena, whole))
    yield row("arena, size [B]", lambda name, model: whole(on(size, "cortex-m4", "ram_bytes")(name)))
    yield row("minimum of constants [B]", lambda name, model: whole(model.min_constants))
    yield row("flash on M4 over it, speed [B]", code(speed, "speed"))
    yield row("flash on M55 over it, speed [B]", code(speed, "speed", "cortex-m55"))
    yield row("flash on M4 over it, size [B]", code(size, "size"))
    yield row("stack on M4, speed / size [B]",
              lambda name, model: " / ".join(whole(on(build, "cortex-m4", "stack_bytes")(name)) for build in (speed, size)))
    yield row("stack on M55, speed [B]", lambda name, model: whole(on(speed, "cortex-m55", "stack_bytes")(name)))
    for core in MACHINES:
        yield row(f"instructions on {core[7:].upper()}, speed",
                  lambda name, model, core=core: cell(on(speed, core, "instructions")(name), bars(name, model, core), millions))
    yield row("instructions on M4, size", lambda name, model: millions(on(size, "cortex-m4", "instructions")(name)))
    yield row("… times those of speed", lambda name, model: cell(
        on(size, "cortex-m4", "instructions")(name) / on(speed, "cortex-m4", "instructions")(name),
        SIZE_INSTRUCTIONS_AT_MOST if name != "AD" else None, lambda ratio: f"{ratio:.2f}"))
    yield row("compiling [s]", lambda name, model: cell(speed[name][1], SECONDS_AT_MOST, lambda s: f"{s:.2f}"))
    yield row("mismatches, 7 targets, both builds", lambda name, model: str(sum(
        one["mismatches"] for build in (speed, size) for one in build[name][0].values())))


def print_table(arguments, names):
    builds = {optimise: {name: measured(arguments, MODELS[name], optimise) for name in names} for optimise in CODE_AT_MOST}
    print("|", " | ".join(["", *names]), "|")
    print("|---|" + "---:|" * len(names))
    for what, cells in rows(names, builds["speed"], builds["size"]):
        print("|", " | ".join([what, *cells]), "|")
    return sum(one["mismatches"] for build in builds.values() for targets, _ in build.values() for one in targets.values())


def signed(value):
    return max(-128, min(127, value)) & 255


def inputs(count, elements, zero_point):
    """[count] rows of bytes, the same for the same arguments."""
    source = random.Random(f"{elements} {zero_point}")
    made = [bytes([128]) * elements, bytes([127]) * elements, bytes([signed(zero_point)]) * elements]
    while len(made) < count:
        if len(made) % 2:
            made.append(source.randbytes(elements))
        else:
            spread = source.choice([2.0, 10.0, 40.0])
            made.append(bytes(signed(round(source.gauss(zero_point, spread))) for _ in range(elements)))
    return made[:count]


def their_outputs(path, given):
    """TFLite Micro's output bytes."""
    import numpy as np
    from tflite_micro.python.tflite_micro import runtime

    interpreter = runtime.Interpreter.from_file(str(path), arena_size=4 << 20)
    details = interpreter.get_input_details(0)
    if details["dtype"] != np.int8:
        sys.exit(f"{path}: input is {details['dtype']}, int8 wanted")
    outputs = []
    for one in given:
        interpreter.set_input(np.frombuffer(one, np.int8).reshape(details["shape"]), 0)
        interpreter.invoke()
        outputs.append(interpreter.get_output(0).astype(np.int8).tobytes())
    return outputs


def our_outputs(folder, core, given, length):
    """The emitted folder's, by its own stream program: what inputs.bin holds goes to outputs.bin."""
    (folder / "inputs.bin").write_bytes(b"".join(given))
    (folder / "raw.bin").write_bytes(b"")
    host = core == "host"
    subprocess.run(["make", "-s", "-C", folder, "stream-host" if host else "stream-board"], check=True)
    command = [folder / "build/host/stream"] if host else [
        "qemu-system-arm", "-M", MACHINES[core], "-nographic", "-monitor", "none", "-serial", "null",
        "-semihosting-config", "enable=on,target=native", "-kernel", folder / f"build/{core}/stream.elf"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=RUN_SECONDS)
    if ran.returncode != 0:
        sys.exit(f"stream on {core} ended with {ran.returncode}: {ran.stdout}{ran.stderr}")
    outputs = (folder / "outputs.bin").read_bytes()
    return [outputs[at:at + length] for at in range(0, len(outputs), length)]


def header_number(folder, name):
    return int(re.search(rf"#define NETWORK_{name} \(?(-?\d+)", (folder / "model.h").read_text())[1])


def compare_bytes(arguments, names):
    differing = 0
    cores = {"host": arguments.bytes, "cortex-m4": arguments.bytes}
    cores.update({core: arguments.other_bytes for core in MACHINES if core not in cores})
    expected = {}
    for core, count in cores.items():
        if arguments.targets and core not in arguments.targets.split(","):
            continue
        for name in names:
            with tempfile.TemporaryDirectory() as temporary:
                folder = pathlib.Path(temporary) / "network"
                compiled(arguments, MODELS[name], folder, "cortex-m4" if core == "host" else core)
                given = inputs(count, header_number(folder, "INPUT_BYTES"), header_number(folder, "INPUT_ZERO_POINT"))
                if len(expected.get(name, [])) < count:
                    expected[name] = their_outputs(arguments.models / f"{MODELS[name].file}.tflite", given)
                start = time.monotonic()
                ours = our_outputs(folder, core, given, header_number(folder, "OUTPUT_BYTES"))
            wrong = abs(len(ours) - count) + sum(a != b for a, b in zip(ours, expected[name]))
            differing += wrong
            print(f"{core:10} {name:4} {count} inputs, {wrong} differ from TFLite Micro "
                  f"({len(set(ours))} different outputs, {time.monotonic() - start:.0f} s)", flush=True)
    return differing


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, default=root / "build/release/bin/parsimony")
    parser.add_argument("--models", type=pathlib.Path, default=root / "../shared/models/mlperf_tiny")
    parser.add_argument("--only", help="some of ic,kws,vww,ad")
    parser.add_argument("--cases", type=int, default=2, help="random inputs of verify on each core")
    parser.add_argument("--bytes", type=int, metavar="N", help="compare with TFLite Micro instead")
    parser.add_argument("--other-bytes", type=int, default=100, metavar="N")
    parser.add_argument("--targets", help="with --bytes: some of host,cortex-m0,…")
    arguments = parser.parse_args()
    names = [name for name in MODELS if not arguments.only or name.lower() in arguments.only.lower().split(",")]
    if not names or not all((arguments.models / f"{MODELS[name].file}.tflite").exists() for name in names):
        sys.exit(f"no models: {arguments.only or 'all'} in {arguments.models}")
    arguments.program = arguments.program.resolve()
    sys.exit((compare_bytes if arguments.bytes else print_table)(arguments, names) != 0)


if __name__ == "__main__":
    main()
