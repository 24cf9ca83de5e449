#!/usr/bin/env python3
"""Where good trainings lie: random trials over ranges far wider than any preset's, every network pruned to half.

    python3 bench/search/space_study.py build/release/bin/parsimony --out build/space-study
    python3 bench/search/space_study.py build/release/bin/parsimony --out build/space-study --compare --seeds 1,2,3

The second searches in the presets `default` and `paper` from the same starts and prints hypervolume, best validation error and
worker seconds. Networks of the first keep half of every group, so that error tells of training alone. Printed for each set and parameter, over quarters of
its range: the mean rank of the error (0 best, 1 worst), and below it that of all sets together. Resumes. Standard library only.
"""
import argparse
import csv
import json
import math
import os
import subprocess

# data, network, width, shape and classes of `network show`, most epochs
SETS = {
    "motions": ("{format: motions, seed: 1}", "dscnn-se-1d", 24, "64x6", 8, 160),
    "BasicMotions": ("{format: uea, path: uea/BasicMotions}", "dscnn-se-1d", 24, "100x6", 4, 160),
    "ERing": ("{format: uea, path: uea/ERing}", "dscnn-se-1d", 24, "65x4", 6, 160),
    "NATOPS": ("{format: uea, path: uea/NATOPS}", "dscnn-se-1d", 24, "51x24", 6, 160),
    "Epilepsy": ("{format: uea, path: uea/Epilepsy}", "dscnn-se-1d", 24, "206x3", 4, 160),
    "mnist": ("{format: idx, path: mnist, cases: 1000, test_cases: 500}", "ds-cnn", 12, "28x28x1", 10, 50),
}
# name, low, high, logarithmic
WIDE = [
    ("epochs", 5, None, True),
    ("batch_size", 4, 200, True),
    ("learning_rate", 1e-4, 3.0, True),
    ("momentum", 0.1, 0.99, False),
    ("lr_schedule", 0.1, 0.95, False),
    ("lr_gamma", 0.2, 0.95, False),
    ("weight_decay", 1e-6, 1e-1, True),
    ("pruning_start", 0.0, 0.5, False),
    ("pruning_end", 0.5, 0.98, False),
    ("pruning_steps", 1, 20, False),
]
WHOLE = {"epochs", "batch_size", "pruning_steps"}
PARTS = 4


def study_text(program, name):
    data, network, width, shape, classes, most = SETS[name]
    shown = json.loads(subprocess.run(
        [program, "network", "show", network, "--width", str(width), "--input", shape, "--classes", str(classes), "--json"],
        check=True, capture_output=True, text=True).stdout)
    lines = [f"data: {data}", f"network: {{name: {network}, width: {width}}}", "solver: random", "initial: 1", "space:"]
    for parameter, low, high, logarithmic in WIDE:
        high = high or most
        kind = "int" if parameter in WHOLE else "float"
        log = ", log: true" if logarithmic else ""
        lines.append(f"  - {{name: {parameter}, type: {kind}, low: {low}, high: {high}{log}}}")
    for group in shown["groups"]:
        lines.append(f"  - {{name: keep_{group['name']}, value: {max(1, (group['channels'] + 1) // 2)}}}")
    return "\n".join(lines) + "\n"


def rows_of(folder):
    with open(os.path.join(folder, "trials.csv")) as file:
        return [row for row in csv.DictReader(file) if row["state"] == "complete"]


def ranks(errors):
    """Of each, in 0 to 1; the mean of equal ones."""
    ordered = sorted(errors)
    first, last = {}, {}
    for place, error in enumerate(ordered):
        first.setdefault(error, place)
        last[error] = place
    return [(first[e] + last[e]) / 2 / max(1, len(errors) - 1) for e in errors]


def part_of(parameter, low, high, logarithmic, value):
    scale = math.log if logarithmic else float
    share = (scale(value) - scale(low)) / (scale(high) - scale(low))
    return min(PARTS - 1, max(0, int(share * PARTS)))


def edge(low, high, logarithmic, part):
    if logarithmic:
        return math.exp(math.log(low) + (math.log(high) - math.log(low)) * part / PARTS)
    return low + (high - low) * part / PARTS


def print_rates(rows):
    """Mean rank and share in the best fifth by thirds of a decade of the rate; of all, and with a momentum above .8."""
    for name, of in (("all", rows), ("momentum above .8", [row for row in rows if row[1] > 0.8])):
        print(f"learning_rate, {name}")
        for third in range(-12, 2):
            low, high = 10 ** (third / 3), 10 ** ((third + 1) / 3)
            ranked = [rank for rate, _, rank in of if low <= rate < high]
            if ranked:
                best = sum(rank <= 0.2 for rank in ranked) / len(ranked)
                print(f"  {low:8.3g}+ {sum(ranked) / len(ranked):.2f} ({best:.2f}), {len(ranked)} trials")


def compare(options):
    """Searches by the study's own defaults in both presets."""
    for name in options.sets.split(","):
        data, network, width, *_ = SETS[name]
        for seed in options.seeds.split(","):
            for preset in ("default", "paper"):
                path = os.path.join(options.out, f"{name}-{preset}.yaml")
                with open(path, "w") as file:
                    file.write(f"data: {data}\nnetwork: {{name: {network}, width: {width}}}\nspace: {preset}\n")
                folder = os.path.join(options.out, f"{name}-{preset}-{seed}")
                subprocess.run([options.program, "search", path, "--out", folder, "--trials", str(options.trials), "--workers",
                                str(options.workers), "--seed", seed, "--quiet"], check=True, stdout=subprocess.DEVNULL)
                with open(os.path.join(folder, "report.json")) as file:
                    curve = dict(json.load(file)["hypervolume_curve"])
                rows = rows_of(folder)
                at = [n for n in (10, 20, 30, 40, 60, 100, 150) if n <= options.trials]
                print(f"{name:14} seed {seed} {preset:8} hypervolume after {'/'.join(map(str, at))}: "
                      + " / ".join(f"{curve[n]:.4f}" for n in at)
                      + f"  error {min(float(row['objective.error']) for row in rows):.3f}"
                      + f"  {sum(float(row['seconds']) for row in rows):.0f} s", flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("program")
    arguments.add_argument("--out", required=True)
    arguments.add_argument("--sets", default=",".join(SETS))
    arguments.add_argument("--trials", type=int, default=128)
    arguments.add_argument("--workers", type=int, default=1)
    arguments.add_argument("--compare", action="store_true")
    arguments.add_argument("--seeds", default="1,2,3")
    options = arguments.parse_args()
    os.makedirs(options.out, exist_ok=True)
    if options.compare:
        return compare(options)
    together, rates = {}, []
    for number, name in enumerate(options.sets.split(","), 1):
        path = os.path.join(options.out, name + ".yaml")
        with open(path, "w") as file:
            file.write(study_text(options.program, name))
        folder = os.path.join(options.out, name + "-study")
        subprocess.run([options.program, "search", path, "--out", folder, "--trials", str(options.trials), "--workers",
                        str(options.workers), "--seed", str(number), "--quiet"], check=True, stdout=subprocess.DEVNULL)
        rows = rows_of(folder)
        errors = [float(row["objective.error"]) for row in rows]
        rates += [(float(row["parameter.learning_rate"]), float(row["parameter.momentum"]), rank)
                  for row, rank in zip(rows, ranks(errors))]
        print(f"\n{name}: {len(rows)} trials, error {min(errors):.3f} (best), {sorted(errors)[len(errors) // 2]:.3f} (median)")
        for parameter, low, high, logarithmic in WIDE:
            high = high or SETS[name][5]
            parts = [[] for _ in range(PARTS)]
            for row, rank in zip(rows, ranks(errors)):
                parts[part_of(parameter, low, high, logarithmic, float(row["parameter." + parameter]))].append(rank)
            together.setdefault(parameter, [[] for _ in range(PARTS)])
            for part, values in enumerate(parts):
                together[parameter][part] += values
            print(f"  {parameter:14}", "  ".join(
                f"{edge(low, high, logarithmic, p):8.3g}+ {sum(v) / len(v) if v else math.nan:.2f}" for p, v in enumerate(parts)))
    print("\nall sets, mean rank of the error by quarter of the range (the share of each quarter in the best fifth)")
    for parameter, low, high, logarithmic in WIDE:
        cells = []
        for part, values in enumerate(together[parameter]):
            best = sum(rank <= 0.2 for rank in values) / max(1, len(values))
            low_edge = edge(low, high or 160, logarithmic, part)
            cells.append(f"{low_edge:8.3g}+ {sum(values) / max(1, len(values)):.2f} ({best:.2f})")
        print(f"  {parameter:14}", "  ".join(cells))
    print_rates(rates)


if __name__ == "__main__":
    main()
