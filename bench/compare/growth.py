#!/usr/bin/env python3
"""How time grows with the number of points and of dimensions: non-dominated sorting beside pymoo's, and one fit and
suggestion beside BoTorch's (qLogNEHVI, two objectives of DTLZ2, two threads). Processor time, both sides by turns.

    PEERS/bin/python bench/compare/growth.py build/release --results growth.json --picture docs/pictures/growth.svg

Results are written and drawn after every point, so that a run that is cut off leaves what it has; with `--draw` only the
picture is made, from the results. A side that takes more than `--limit` seconds of the wall for a point ends there. PEERS
is the environment of bench/solver/peer_suggestion.py, with pymoo."""
import argparse
import json
import math
import signal
import statistics
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "pareto"), str(HERE.parent / "solver")]

SORTED = [(n, m) for m in (2, 3, 4) for n in (100, 300, 1000, 3000, 10000)]
BY_POINTS = [(10, n, 2) for n in (50, 100, 200, 500, 1000, 2000)]
BY_DIMENSIONS = [(d, 150, 2) for d in (5, 10, 24, 50, 100)]


class TooLong(Exception):
    pass


def within(seconds, task):
    """What the task returns, None where it takes longer."""
    def stop(*_):
        raise TooLong
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        return task()
    except TooLong:
        return None
    finally:
        signal.alarm(0)


def add(results, arguments, series, side, x, seconds):
    results.setdefault(series, {}).setdefault(side, []).append([x, seconds])
    print(f"{series}, {side}, {x}: {1e3 * seconds:.3f} ms", flush=True)
    Path(arguments.results).write_text(json.dumps(results))
    Path(arguments.picture).write_text(picture_of(results))


def measure_sorting(results, arguments):
    import numpy
    from pymoo.util.nds.non_dominated_sorting import NonDominatedSorting
    import peer

    def sum_of_ranks(points):
        return sum(rank * len(front) for rank, front in enumerate(NonDominatedSorting().do(points)))

    for n, m in SORTED:
        points = numpy.random.default_rng(1).random((n, m))
        pairs = []
        for _ in range(3):
            mine, answer = peer.ours(f"{arguments.build}/bench/pareto/bench_pareto", "peer_ranks", points, 0.2)
            theirs, expected = peer.theirs(sum_of_ranks, points, 0.2)
            assert answer == expected, (answer, expected)
            pairs.append((mine, theirs))
        for side, times in zip(("ours", "pymoo"), zip(*pairs)):
            add(results, arguments, f"sorting, m {m}", side, n, 1e-3 * statistics.median(times))


def measure_suggestions(results, arguments):
    import warnings
    import peer_suggestion
    import torch
    warnings.simplefilter("ignore")
    torch.set_num_threads(2)
    botorch = peer_suggestion.Peer("botorch", tutorial_batches=True)
    ours = peer_suggestion.Ours(f"{arguments.build}/bench/solver/suggestion", 2)
    small = peer_suggestion.history_of(3, 20, 2, 0)  # first calls import and compile: not counted
    ours.suggest(small)
    botorch.suggest(small, ("qlognehvi",))
    for series, column, sizes in (("suggestion, by n", 1, BY_POINTS), ("suggestion, by d", 0, BY_DIMENSIONS)):
        ended = False
        for size in sizes:
            pairs = []
            for seed in range(1, 2 if size[1] > 200 else 4):
                history = peer_suggestion.history_of(*size, seed)
                mine = ours.suggest(history)
                theirs = None if ended else within(arguments.limit,
                                                   lambda: botorch.suggest(history, ("qlognehvi",)))
                ended = ended or theirs is None
                pairs.append([peer_suggestion.total(row, "qlognehvi", "cpu") if row else None
                              for row in (mine, theirs)])
            add(results, arguments, series, "ours", size[column], statistics.median(mine for mine, _ in pairs))
            if not ended:
                add(results, arguments, series, "BoTorch", size[column],
                    statistics.median(theirs for _, theirs in pairs))


PANELS = [("Non-dominated sorting, n uniform points", "n", [f"sorting, m {m}" for m in (2, 3, 4)]),
          ("Fit and suggestion, d 10, m 2", "n", ["suggestion, by n"]),
          ("Fit and suggestion, n 150, m 2", "d", ["suggestion, by d"])]
WIDTH, HEIGHT, LEFT, TOP = 250, 190, 52, 34
OURS, THEIRS = "#0b6e4f", "#b5482a"


def duration(exponent):
    for unit, digits in (("s", 0), ("ms", -3), ("µs", -6)):
        if exponent >= digits:
            return f"{10 ** (exponent - digits)} {unit}"
    return f"1e{exponent} s"


def panel(results, title, letter, names, corner):
    lines = [(names.index(name), side, points) for name in names for side, points in results.get(name, {}).items()]
    if not lines:
        return ""
    xs = sorted({x for _, _, points in lines for x, _ in points})
    ys = [y for _, _, points in lines for _, y in points]
    low, high = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)))
    span = math.log(xs[-1] / xs[0]) or 1.0
    place_x = lambda x: corner + LEFT + WIDTH * math.log(x / xs[0]) / span
    place_y = lambda y: TOP + HEIGHT * (high - math.log10(y)) / (high - low)
    parts = [f'<text x="{corner + LEFT}" y="18" font-weight="bold">{title}</text>']
    for exponent in range(low, high + 1):
        y = place_y(10.0 ** exponent)
        parts.append(f'<path d="M{corner + LEFT} {y:.1f}h{WIDTH}" stroke="#ddd"/>'
                     f'<text x="{corner + LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{duration(exponent)}</text>')
    for x in xs:
        parts.append(f'<text x="{place_x(x):.1f}" y="{TOP + HEIGHT + 16}" text-anchor="middle">{x}</text>')
    parts.append(f'<text x="{corner + LEFT + WIDTH / 2}" y="{TOP + HEIGHT + 32}" text-anchor="middle">{letter}</text>')
    for number, side, points in lines:
        path = "L".join(f"{place_x(x):.1f} {place_y(y):.1f}" for x, y in points)
        dash = ("", "6 3", "2 3")[number]
        parts.append(f'<path d="M{path}" fill="none" stroke-width="2" stroke-dasharray="{dash}" '
                     f'stroke="{OURS if side == "ours" else THEIRS}"/>')
    return "".join(parts)


def picture_of(results):
    width, height = len(PANELS) * (WIDTH + LEFT + 18), TOP + HEIGHT + 66
    panels = "".join(panel(results, *given, k * (WIDTH + LEFT + 18)) for k, given in enumerate(PANELS))
    words = (f'<text x="{LEFT}" y="{height - 10}"><tspan fill="{OURS}">ours</tspan>, '
             f'<tspan fill="{THEIRS}">pymoo or BoTorch</tspan>; seconds of the processor; '
             f'sorting: m 2 solid, m 3 dashed, m 4 dotted</text>')
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
            f'font-size="12"><rect width="{width}" height="{height}" fill="#fff"/>{panels}{words}</svg>\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", help="folder of a build with -DPARSIMONY_BENCH=ON")
    parser.add_argument("--results", default="growth.json")
    parser.add_argument("--picture", default="docs/pictures/growth.svg")
    parser.add_argument("--limit", type=int, default=120)
    parser.add_argument("--draw", action="store_true")
    arguments = parser.parse_args()
    if arguments.draw:
        Path(arguments.picture).write_text(picture_of(json.loads(Path(arguments.results).read_text())))
        return
    results = {}
    measure_sorting(results, arguments)
    measure_suggestions(results, arguments)


if __name__ == "__main__":
    main()
