#!/usr/bin/env python3
"""Non-dominated sorting of uniformly random points, ours and pymoo's by turns, on one thread; the sums of the ranks
are held against each other.

    python3 bench/pareto/peer_sorting.py build/release/bench/pareto/bench_pareto [--rounds 3]

Needs pymoo in the Python that runs it."""
import argparse

import numpy
import pymoo
from pymoo.functions import is_compiled
from pymoo.util.nds.non_dominated_sorting import NonDominatedSorting

import peer

SHAPES = [(200, 2), (500, 2), (1000, 2), (2000, 2), (500, 3), (2000, 3), (10000, 3), (500, 4), (2000, 4)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    print(f"pymoo {pymoo.__version__}, {'compiled' if is_compiled() else 'not compiled'}")

    def sum_of_ranks(points):
        return sum(rank * len(front) for rank, front in enumerate(NonDominatedSorting().do(points)))

    for n, m in SHAPES:
        points = numpy.random.default_rng(1).random((n, m))
        peer.compare(arguments.binary, "peer_ranks", "pymoo", sum_of_ranks, points, arguments.rounds)


if __name__ == "__main__":
    main()
