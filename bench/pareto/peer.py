"""What both peer scripts share: points in a file, our side by bench_pareto, both sides by turns."""
import json
import os
import statistics
import struct
import subprocess
import tempfile
import time


def ours(binary, row, points, seconds):
    """Processor time of one call [ms] and the answer."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(struct.pack("qq", *points.shape) + points.tobytes())
        file.flush()
        output = subprocess.run(
            [binary, f"--benchmark_filter=^{row}$", f"--benchmark_min_time={seconds}", "--benchmark_format=json"],
            env={**os.environ, "PARSIMONY_POINTS": file.name}, check=True, capture_output=True).stdout
    result = json.loads(output)["benchmarks"][0]
    assert result["time_unit"] == "ns"
    return result["cpu_time"] * 1e-6, result["answer"]


def theirs(task, points, seconds):
    """Mean processor time of one call [ms], one call at least, and the answer."""
    calls, start = 0, time.process_time()
    while calls == 0 or time.process_time() - start < seconds:
        answer = task(points)
        calls += 1
    return 1e3 * (time.process_time() - start) / calls, answer


def compare(binary, row, peer_name, task, points, rounds, seconds=0.3):
    """Prints medians over the rounds, in each of which both sides run; the answers must agree."""
    pairs = []
    for _ in range(rounds):
        mine, answer = ours(binary, row, points, seconds)
        peer, expected = theirs(task, points, seconds)
        assert abs(answer - expected) <= 1e-9 * max(1.0, abs(expected)), (answer, expected)
        pairs.append((mine, peer))
    mine, peer = (statistics.median(side) for side in zip(*pairs))
    ratio = statistics.median(p / o for o, p in pairs)
    n, m = points.shape
    print(f"{row[5:]:14} n {n:6} m {m}: ours {mine:9.3f} ms, {peer_name} {peer:9.3f} ms, theirs / ours {ratio:7.2f}",
          flush=True)
