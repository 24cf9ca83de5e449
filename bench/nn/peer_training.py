#!/usr/bin/env python3
"""One training step of the built-in networks: ours on one thread (alone, and two processes side by side) against the
same network in PyTorch, on two threads and as two processes of one thread each, interleaved.

    python3 bench/nn/peer_training.py build/release/bench/nn/bench_nn [--rounds 5] [--cases dscnn_64,resnet]
    python3 bench/nn/peer_training.py build/release/bench/nn/bench_nn --memory --cases resnet18_3_48_32x32_b200

Needs PyTorch 2.x in the Python that runs it."""
import argparse
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import time

import peer_networks

# name in bench_nn: network, shape of a case with channels first, width, batch
CASES = {
    "dscnn_13_100x6_b40": (peer_networks.dscnn, (6, 100), 13, 40),
    "dscnn_64_100x6_b40": (peer_networks.dscnn, (6, 100), 64, 40),
    "dscnn_64_280x6_b32": (peer_networks.dscnn, (6, 280), 64, 32),
    "dscnn_64_1000x6_b64": (peer_networks.dscnn, (6, 1000), 64, 64),
    "dscnn_456_100x6_b40": (peer_networks.dscnn, (6, 100), 456, 40),
    "mobilenetv3_25_280x24_b32": (peer_networks.mobilenetv3, (24, 280), 25, 32),
    "mobilenetv3_138_1024x24_b32": (peer_networks.mobilenetv3, (24, 1024), 138, 32),
    "resnet18_3_14_32x32_b100": (peer_networks.resnet18_3, (3, 32, 32), 14, 100),
    "resnet18_3_48_32x32_b100": (peer_networks.resnet18_3, (3, 32, 32), 48, 100),
    "resnet18_3_48_32x32_b200": (peer_networks.resnet18_3, (3, 32, 32), 48, 200),
}


def peer(name, threads, seconds):
    """Median step of PyTorch in this process [ms]."""
    import torch
    torch.set_num_threads(threads)
    network, shape, width, batch = CASES[name]
    model = network(width, shape[0], 4).train()
    optimiser = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9, weight_decay=1e-4)
    x, y = torch.randn(batch, *shape), torch.arange(batch) % 4
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        optimiser.zero_grad(set_to_none=True)
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimiser.step()
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times[2:])


def peers(name, processes, threads, seconds=1.5):
    """Mean of the processes' steps [ms]; processes of their own, so that no pool of threads is left behind."""
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        return statistics.mean(pool.starmap(peer, [(name, threads, seconds)] * processes))


def ours(binary, name, processes):
    """Mean of the processes' steps [ms]."""
    command = [binary, "--benchmark_filter=^training_step/%s/" % name, "--benchmark_min_time=1",
               "--benchmark_format=json"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) for _ in range(processes)]
    return statistics.mean(json.loads(process.communicate()[0])["benchmarks"][0]["real_time"] for process in running)


def resident(command):
    """The most memory that a process of its own held [MB]."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return os.wait4(process.pid, 0)[2].ru_maxrss / 1024


def print_memory(binary, names):
    print("most memory held by one process of one thread [MB]; in brackets before the first step")
    for name in names:
        step = [resident([binary, "--benchmark_filter=^training_step/%s/" % name, "--benchmark_min_time=0.01"]),
                resident([binary, "--benchmark_list_tests"])]
        script = "import sys; sys.path.insert(0, %r); import peer_training as p; " % os.path.dirname(__file__)
        other = [resident([sys.executable, "-c", script + "p.peer(%r, 1, 0.1)" % name]),
                 resident([sys.executable, "-c", script])]
        print("%-28s ours %6.0f (%.0f)   PyTorch %6.0f (%.0f)" % (name, *step, *other))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cases", default="", help="beginnings of names, by commas")
    parser.add_argument("--memory", action="store_true", help="memory instead of time")
    arguments = parser.parse_args()
    names = [name for name in CASES if name.startswith(tuple(arguments.cases.split(",")))]
    if arguments.memory:
        return print_memory(arguments.binary, names)
    import torch
    print("PyTorch", torch.__version__, "| step [ms], medians of", arguments.rounds, "rounds; ratios of throughput with "
          "two workers of ours, median (least to most)")
    print("%-28s %8s %8s %8s %8s  %-22s %-22s" % ("", "ours", "ours x2", "peer 2t", "peer x2", "against 2 threads",
                                                 "against 2 processes"))
    for name in names:
        rounds = [(ours(arguments.binary, name, 1), ours(arguments.binary, name, 2), peers(name, 1, 2),
                   peers(name, 2, 1)) for _ in range(arguments.rounds)]
        columns = ["%8.2f" % statistics.median(column) for column in zip(*rounds)]
        ratios = [sorted(2 * r[2] / r[1] for r in rounds), sorted(r[3] / r[1] for r in rounds)]
        columns += [" %-21s" % ("%.2f (%.2f to %.2f)" % (statistics.median(r), r[0], r[-1])) for r in ratios]
        print("%-28s" % name, *columns)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
