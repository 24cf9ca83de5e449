#!/usr/bin/env python3
"""One training step of dscnn-se-1d: ours on one thread (alone, and two processes side by side) against the same
network in PyTorch on two threads, interleaved.

    python3 bench/nn/peer_training.py build/release/bench/nn/bench_nn [--rounds 5]

Needs PyTorch 2.x in the Python that runs it."""
import argparse
import json
import statistics
import subprocess
import sys
import time

SHAPES = [(40, 100, 64), (32, 280, 64), (64, 1000, 64), (40, 100, 13)]


def network(torch, width, channels=6, classes=4):
    nn = torch.nn

    class SqueezeExcite(nn.Module):
        def __init__(self):
            super().__init__()
            inner = max(1, width // 4)
            self.squeeze, self.excite = nn.Linear(width, inner), nn.Linear(inner, width)

        def forward(self, x):
            s = torch.relu(self.squeeze(x.mean(2)))
            return x * nn.functional.hardsigmoid(self.excite(s)).unsqueeze(2)

    def normed(convolution):
        return [convolution, nn.BatchNorm1d(width), nn.ReLU()]

    layers = normed(nn.Conv1d(channels, width, 3, 2, 1, bias=False))
    for block in range(1, 11):
        layers += normed(nn.Conv1d(width, width, 3, 1, 1, groups=width, bias=False))
        layers += normed(nn.Conv1d(width, width, 1, bias=False))
        if block % 2 == 0:
            layers.append(SqueezeExcite())
    return nn.Sequential(*layers, nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(width, classes))


def peer(batch, length, width, seconds=1.5):
    """Median step of PyTorch in this process [ms]."""
    import torch
    torch.set_num_threads(2)
    model = network(torch, width).train()
    optimiser = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9, weight_decay=1e-4)
    x, y = torch.randn(batch, 6, length), torch.arange(batch) % 4
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 8:
        start = time.perf_counter()
        optimiser.zero_grad(set_to_none=True)
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimiser.step()
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times[3:])


def ours(binary, shape, processes):
    """Mean of the processes' steps [ms]."""
    name = "training_step/%d/%d/%d/" % shape
    command = [binary, "--benchmark_filter=^" + name, "--benchmark_min_time=1", "--benchmark_format=json"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) for _ in range(processes)]
    results = [json.loads(process.communicate()[0])["benchmarks"][0]["real_time"] for process in running]
    return sum(results) / len(results)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    import torch
    print("PyTorch", torch.__version__, "| step [ms], median of", arguments.rounds, "rounds")
    print("%-14s %9s %12s %12s %14s %14s" % ("batch,len,w", "ours 1", "ours 2 x 1", "PyTorch 2 t", "PyTorch/ours", "PyTorch/(2x1)"))
    for shape in SHAPES:
        rounds = [(ours(arguments.binary, shape, 1), ours(arguments.binary, shape, 2), peer(*shape))
                  for _ in range(arguments.rounds)]
        one, two, other = (statistics.median(column) for column in zip(*rounds))
        ratio_one = statistics.median(r[2] / r[0] for r in rounds)
        ratio_two = statistics.median(r[2] / r[1] for r in rounds)
        print("%-14s %9.2f %12.2f %12.2f %14.2f %14.2f" % (",".join(map(str, shape)), one, two, other, ratio_one, ratio_two))
        sys.stdout.flush()


if __name__ == "__main__":
    main()
