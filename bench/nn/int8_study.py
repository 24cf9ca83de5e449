#!/usr/bin/env python3
"""Sums up what `bench_nn --benchmark_filter=int8/ --benchmark_out=FILE` wrote: what each way to int8 costs in accuracy.

usage: int8_study.py FILE...
"""
import json
import statistics
import sys


def rows_of(paths):
    for path in paths:
        with open(path) as file:
            for row in json.load(file)["benchmarks"]:
                if row["name"].startswith("int8") and "float" in row:
                    yield row


def short(way):
    return way.replace("percentile", "perc").replace("min-max", "minmax")


def main():
    rows = list(rows_of(sys.argv[1:]))
    if not rows:
        sys.exit(__doc__)
    ways = sorted(key[: -len("_logits")] for key in rows[0] if key.endswith("_logits"))
    large = [row for row in rows if row["cases"] >= 200]
    small = [row for row in rows if row["cases"] < 200]

    def drops(way, of):
        return [100 * (row["float"] - row[way]) for row in of]

    print(f"{len(large)} networks with test sets of 200 cases or more, {len(small)} with smaller ones")
    print(f"{'way':18} {'median':>7} {'worst':>7} {'mean':>7} {'pooled small':>13} {'changed':>8} {'logit error':>12}")
    for way in ways:
        cases = sum(row["cases"] for row in small)
        pooled = sum(drop * row["cases"] for drop, row in zip(drops(way, small), small)) / cases if small else 0.0
        error = statistics.geometric_mean(row[way + "_logits"] for row in rows)
        of_large = drops(way, large)
        changed = 100 * statistics.mean(row[way + "_changed"] for row in large)
        print(f"{way:18} {statistics.median(of_large):7.2f} {max(of_large):7.2f} {statistics.mean(of_large):7.2f} "
              f"{pooled:13.2f} {changed:8.2f} {error:12.4f}")
    print()
    names = sorted({row["name"].split("/")[1] for row in rows}, key=[row["name"].split("/")[1] for row in rows].index)
    print(f"{'mean drop of':26} {'cases':>5} {'float':>6} " + " ".join(f"{short(way):>11}" for way in ways))
    for name in names:
        of = [row for row in rows if row["name"].split("/")[1] == name]
        mean = [statistics.mean(drops(way, of)) for way in ways]
        print(f"{name:26} {of[0]['cases']:5.0f} {100 * statistics.mean(row['float'] for row in of):6.1f} "
              + " ".join(f"{drop:11.2f}" for drop in mean))


if __name__ == "__main__":
    main()
