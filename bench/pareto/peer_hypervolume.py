#!/usr/bin/env python3
"""Exact hypervolume and contributions of points on a convex front, ours and moocore's by turns, on one thread;
the answers are held against each other.

    python3 bench/pareto/peer_hypervolume.py build/release/bench/pareto/bench_pareto [--rounds 5]

Needs moocore in the Python that runs it."""
import argparse

import moocore
import numpy

import peer

VOLUMES = [(1000, 2), (1000, 3), (10000, 3), (150, 4), (1000, 4), (150, 5), (100, 6)]
CONTRIBUTIONS = [(1000, 2), (1000, 3), (100, 4), (300, 4)]


def convex_front(n, m):
    points = numpy.abs(numpy.random.default_rng(1).normal(size=(n, m)))
    return points / numpy.linalg.norm(points, axis=1, keepdims=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    print(f"moocore {moocore.__version__}")

    def volume(points):
        return moocore.hypervolume(points, ref=numpy.full(points.shape[1], 1.1))

    def contributions(points):
        return float(numpy.sum(moocore.hv_contributions(points, ref=numpy.full(points.shape[1], 1.1))))

    for shape in VOLUMES:
        peer.compare(arguments.binary, "peer_hypervolume", "moocore", volume, convex_front(*shape), arguments.rounds)
    for shape in CONTRIBUTIONS:
        peer.compare(arguments.binary, "peer_contributions", "moocore", contributions, convex_front(*shape),
                     arguments.rounds)


if __name__ == "__main__":
    main()
