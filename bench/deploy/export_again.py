#!/usr/bin/env python3
"""Every complete trial of a stored study, exported by a former program and by this one: one table.

    python3 bench/deploy/export_again.py STUDY --before FORMER/parsimony [--after build/release/bin/parsimony]

Both folders must hold the same int8 graph (the hash in model.h) and give the reference interpreter's bytes on every
test window, on the host and on --core in QEMU; then their bytes are each other's. ROM and RAM are the linked ones.
Exit 1 when a byte differs or a network of the new program takes more ROM or RAM than the former's.
"""
import argparse
import json
import pathlib
import re
import statistics
import subprocess
import tempfile


def run(*command, allowed=(0,)):
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True)
    if done.returncode not in allowed:
        raise SystemExit(f"exit {done.returncode}: {' '.join(map(str, command))}")
    return done.stdout


def exported(program, study, trial, core, folder):
    run(program, "export", study, "--trial", trial, "-o", folder, "--name", "emitted", "--target", core)
    graph = re.search(r'MODEL_HASH\s+"?(\w+)', (folder / "model.h").read_text()).group(1)
    lines = json.loads(run(program, "verify", folder, "--study", study, "--target", "host", core, "--json",
                           allowed=(0, 1)))  # 1: mismatches, which are counted below
    board = next(line for line in lines if line["target"] == core)
    return {"graph": graph, "mismatches": sum(line["mismatches"] for line in lines),
            "cases": sum(line["cases"] for line in lines), "rom": board["rom_bytes"], "ram": board["ram_bytes"],
            "instructions": board["instructions"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("study", type=pathlib.Path)
    parser.add_argument("--before", required=True)
    parser.add_argument("--after", default="build/release/bin/parsimony")
    parser.add_argument("--core", default="cortex-m4")
    arguments = parser.parse_args()
    report = json.loads(run(arguments.after, "report", arguments.study, "--json"))
    ratios = {"rom": [], "ram": [], "instructions": []}
    cases = mismatches = other_graphs = larger = 0
    print("trial   ROM before  after   RAM before  after   instructions before      after")
    for trial in range(1, report["trials"]["complete"] + 1):
        with tempfile.TemporaryDirectory() as temporary:
            before, after = (exported(program, arguments.study, trial, arguments.core, pathlib.Path(temporary) / name)
                             for name, program in (("before", arguments.before), ("after", arguments.after)))
        cases += before["cases"] + after["cases"]
        mismatches += before["mismatches"] + after["mismatches"]
        other_graphs += before["graph"] != after["graph"]
        larger += after["rom"] > before["rom"] or after["ram"] > before["ram"]
        for what, values in ratios.items():
            values.append(after[what] / before[what])
        print(f"{trial:5}  {before['rom']:11} {after['rom']:6}  {before['ram']:11} {after['ram']:6}"
              f"  {before['instructions']:20} {after['instructions']:10}", flush=True)
    print(f"{len(ratios['rom'])} networks: {mismatches} mismatches in {cases} runs, {other_graphs} other graphs,"
          f" {larger} larger")
    for what, values in ratios.items():
        print(f"{what} after / before: median {statistics.median(values):.3f}, {min(values):.3f} to {max(values):.3f}")
    raise SystemExit(mismatches + other_graphs + larger > 0)


if __name__ == "__main__":
    main()
