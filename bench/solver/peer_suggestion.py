"""Speed and quality of one suggestion beside BoTorch and botorch-rust, on histories of DTLZ2.

    python3 -m venv PEERS && PEERS/bin/pip install torch 'botorch==0.18.*' botorch-rust
    nice -n 5 ninja -C build/release suggestion             # with -DPARSIMONY_BENCH=ON
    PEERS/bin/python bench/solver/peer_suggestion.py --sizes 10,200,2 --histories 20

Every engine models all objectives by the same form (RBF-ARD, no output scale, BoTorch's priors) and then looks for
one point, with the same number of threads; they take turns on every history. A history is n points drawn evenly from
the cube; the reference is BoTorch's rule, a tenth of the front's range beyond its worst. Seconds are of the wall;
`cpu` is what the process used on all its threads, which tells more on a busy machine. Ratios are taken history by
history. BoTorch's own code is the judge of quality:
log posterior of an engine's hyperparameters (ExactMarginalLogLikelihood with priors, times n, one figure for each
objective) and qLogNEHVI of its point under BoTorch's fit, with the base samples that BoTorch climbed on and with
others, 512 unless `--judge-samples` says less: BoTorch boxes the front of each, which takes it minutes for m 4.
`--engines botorch-rust,parsimony` leaves BoTorch's search out; then botorch-rust's fit and function judge points.

Different fits give different points even where both are good, and each engine's is best under its own. So our point is
also looked for under the judge's hyperparameters ("same fit"), and all points are scored by our exact log expected
improvement under them: what the judge's function estimates from samples.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import time
import warnings

# Threads that wait must sleep: where others share the processor, spinning ones made BoTorch 3 to 100 times slower.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("GOMP_SPINCOUNT", "0")

import botorch_rs
import numpy
import torch

PACKAGES = {"botorch": "botorch", "botorch-rust": "botorch_rs"}
KINDS = ("qlognehvi", "qlognparego")


def dtlz2(points, m):
    distance = ((points[:, m - 1:] - 0.5) ** 2).sum(1)
    columns = []
    for j in range(m):
        value = 1.0 + distance
        for k in range(m - 1 - j):
            value = value * numpy.cos(points[:, k] * math.pi / 2)
        columns.append(value * numpy.sin(points[:, m - 1 - j] * math.pi / 2) if j else value)
    return numpy.stack(columns, 1)


def front_of(values):
    return numpy.array([row for row in values
                        if not ((values <= row).all(1) & (values < row).any(1)).any()])


def history_of(d, n, m, seed):
    points = numpy.random.default_rng(seed).random((n, d))
    values = dtlz2(points, m)
    front = front_of(values)
    reference = front.max(0) + 0.1 * (front.max(0) - front.min(0))
    return {"points": points.tolist(), "values": values.tolist(), "reference": reference.tolist(), "seed": seed}


class Stopwatch:
    """Seconds of the wall and of the processor."""

    def __init__(self):
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def lap(self):
        now = time.perf_counter(), time.process_time()
        result = {"wall": now[0] - self.wall, "cpu": now[1] - self.cpu}
        self.wall, self.cpu = now
        return result


class Ours:
    """The program `suggestion`, which answers one line by one line."""

    def __init__(self, program, threads):
        self.process = subprocess.Popen([program, str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def answer(self, message):
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def suggest(self, history):
        answer = self.answer(history)
        return {"fit": {"wall": answer["fit_seconds"], "cpu": answer["fit_cpu"]},
                "qlognehvi": {"wall": answer["suggestion_seconds"], "cpu": answer["suggestion_cpu"]},
                # Theirs maximise: a mean changes its sign.
                "models": [{**model, "mean": -model["mean"]} for model in answer["models"]],
                "points": {"qlognehvi": answer["point"]}}


class Peer:
    """BoTorch, or what has its interface."""

    def __init__(self, package, tutorial_batches=False):
        from importlib import import_module
        self.tutorial_batches = tutorial_batches
        part = lambda name: import_module(f"{package}.{name}")
        self.models, self.transforms, self.fit = part("models"), part("models.transforms"), part("fit")
        self.mlls = import_module("gpytorch.mlls") if package == "botorch" else part("mlls")
        self.optimize_acqf, self.sampler = part("optim").optimize_acqf, part("sampling").SobolQMCNormalSampler
        self.nehvi = part("acquisition.multi_objective.logei").qLogNoisyExpectedHypervolumeImprovement
        self.parego = part("acquisition.multi_objective.parego").qLogNParEGO

    def batches(self, m):
        """Boxes of many objectives take much memory, else all at once is fastest; the points are the same."""
        if self.tutorial_batches:
            return {"batch_limit": 5}
        return {"batch_limit": 10, "init_batch_limit": 512 if m < 3 else 32}

    def model_of(self, x, y):
        models = [self.models.SingleTaskGP(x, y[:, [k]], outcome_transform=self.transforms.Standardize(1))
                  for k in range(y.shape[1])]
        return self.models.ModelListGP(*models)

    def acquisition(self, kind, model, x, history, samples=128, seed=0):
        sampler = self.sampler(sample_shape=torch.Size([samples]), seed=seed)
        if kind == "qlognparego":
            return self.parego(model=model, X_baseline=x, sampler=sampler, prune_baseline=True)
        return self.nehvi(model=model, ref_point=[-value for value in history["reference"]], X_baseline=x,
                          sampler=sampler, prune_baseline=True)

    def suggest(self, history, kinds):
        x = torch.tensor(history["points"], dtype=torch.double)
        y = -torch.tensor(history["values"], dtype=torch.double)
        torch.manual_seed(history["seed"])
        watch = Stopwatch()
        model = self.model_of(x, y)
        self.fit.fit_gpytorch_mll(self.mlls.SumMarginalLogLikelihood(model.likelihood, model))
        result = {"fit": watch.lap(), "points": {}, "functions": {}, "model": model}
        for kind in kinds:
            watch.lap()
            function = self.acquisition(kind, model, x, history, seed=history["seed"])
            bounds = torch.tensor([[0.0] * x.shape[1], [1.0] * x.shape[1]], dtype=torch.double)
            point, _ = self.optimize_acqf(function, bounds=bounds, q=1, num_restarts=10, raw_samples=512,
                                          options={**self.batches(y.shape[1]), "maxiter": 200})
            result[kind] = watch.lap()
            result["points"][kind] = torch.as_tensor(point)[0].tolist()
            result["functions"][kind] = function
        result["models"] = [hyperparameters_of(one, y[:, k]) for k, one in enumerate(model.models)]
        return result


def hyperparameters_of(model, values):
    numbers = lambda parameter: torch.as_tensor(parameter).detach().flatten().tolist()
    mean = numbers(model.mean_module.constant)[0]
    return {"lengthscales": numbers(model.covar_module.lengthscale), "noise": numbers(model.likelihood.noise)[0],
            "mean": mean * values.std().item() + values.mean().item()}


def log_posteriors(judge, history, hyperparameters):
    """One for each objective, of BoTorch's model with these hyperparameters."""
    from gpytorch.mlls import ExactMarginalLogLikelihood
    x = torch.tensor(history["points"], dtype=torch.double)
    y = -torch.tensor(history["values"], dtype=torch.double)
    result = []
    for k, one in enumerate(judge.model_of(x, y).models):
        # At their bounds: a value exactly there has no raw parameter.
        one.covar_module.lengthscale = torch.tensor([hyperparameters[k]["lengthscales"]], dtype=torch.double)
        one.likelihood.noise = max(hyperparameters[k]["noise"], 1e-4 * (1.0 + 1e-9))
        one.mean_module.constant.data.fill_((hyperparameters[k]["mean"] - y[:, k].mean()) / y[:, k].std())
        one.train()
        with torch.no_grad():
            density = ExactMarginalLogLikelihood(one.likelihood, one)(one(*one.train_inputs), one.train_targets)
        result.append(density.item() * len(x))
    return result


def judged_values(judge, judged, history, points, samples):
    """qLogNEHVI of the points under the function that the judge climbed and under one with other base samples."""
    x = torch.tensor(history["points"], dtype=torch.double)
    candidates = torch.tensor(points, dtype=torch.double).unsqueeze(1)
    other = judge.acquisition("qlognehvi", judged["model"], x, history, samples, history["seed"] + 1000)
    result = []
    for function in (judged["functions"]["qlognehvi"], other):
        with torch.no_grad():
            result.append([torch.as_tensor(function(candidate.unsqueeze(0))).item() for candidate in candidates])
    return result


def judge_points(row, judge, ours, history, arguments):
    """Adds `values` of each engine's point, and of ours under the judge's fit, to the row."""
    judged = row[arguments.engines[0]]
    points = {name: row[name]["points"]["qlognehvi"] for name in arguments.engines}
    same_fit = {**history, "models": judged["models"]}
    points["parsimony, same fit"] = ours.answer(same_fit)["point"]
    own, other = judged_values(judge, judged, history, list(points.values()), arguments.judge_samples)
    exact = ours.answer({**same_fit, "scored": list(points.values())})["scores"]
    row["values"] = {name: {"own": own[k], "other": other[k], "exact": exact[k]} for k, name in enumerate(points)}


def measure(d, n, m, arguments):
    peers = {name: Peer(PACKAGES[name], arguments.tutorial_batches) for name in arguments.engines[:-1]}
    botorch = Peer("botorch")
    ours = Ours(arguments.program, arguments.threads)
    small = history_of(3, 20, m, 0)  # first calls import and compile for minutes: not counted
    ours.suggest(small)
    for peer in peers.values():
        peer.suggest(small, arguments.kinds)
    rows = []
    for seed in range(arguments.first_seed, arguments.first_seed + arguments.histories):
        history = history_of(d, n, m, seed)
        row = {"parsimony": ours.suggest(history)}
        for name, peer in peers.items():
            row[name] = peer.suggest(history, arguments.kinds)
        print(f"  history {seed}: " + ", ".join(
            f"{name} {row[name]['fit']['cpu']:.2f} + {row[name]['qlognehvi']['cpu']:.2f} s" for name in arguments.engines) +
            " of the processor", flush=True)
        for name in arguments.engines:
            row[name]["log_posteriors"] = log_posteriors(botorch, history, row[name]["models"])
        judge_points(row, peers[arguments.engines[0]], ours, history, arguments)
        for name in peers:
            del row[name]["functions"], row[name]["model"]  # the boxes of all samples take much memory
        rows.append(row)
        print("  so far:", flush=True)
        report(rows, arguments.engines)
    return rows


def median_range(values, digits):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def total(row, kind, clock):
    return row["fit"][clock] + row[kind][clock]


def report(rows, engines):
    for name in engines:
        for clock in ("wall", "cpu"):
            parts = [f"fit {median_range([row[name]['fit'][clock] for row in rows], 3)}"]
            parts += [f"{kind} {median_range([row[name][kind][clock] for row in rows], 3)}"
                      for kind in KINDS if kind in rows[0][name]]
            print(f"{name}, seconds of the {clock}: " + ", ".join(parts))
    for name in engines[:-1]:
        for kind in (kind for kind in KINDS if kind in rows[0][name]):
            for clock in ("wall", "cpu"):
                ratios = [total(row[name], kind, clock) / total(row["parsimony"], "qlognehvi", clock) for row in rows]
                print(f"fit + suggestion, {name} {kind} over ours, {clock}: {median_range(ratios, 1)}")
    judge = engines[0]
    for name in engines[1:]:
        gains = [own - theirs for row in rows
                 for own, theirs in zip(row[name]["log_posteriors"], row[judge]["log_posteriors"])]
        print(f"log posterior, {name} less {judge}: {median_range(gains, 4)}")
    for name in (*engines[1:], "parsimony, same fit"):
        for kind, function in (("own", "qLogNEHVI (own base samples)"), ("other", "qLogNEHVI (other base samples)"),
                               ("exact", "exact log EHVI")):
            gains = [row["values"][name][kind] - row["values"][judge][kind] for row in rows]
            print(f"{function} of the point, {name}, less {judge}: {median_range(gains, 6)}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default="build/release/bench/solver/suggestion")
    parser.add_argument("--sizes", nargs="+", default=["10,200,2", "24,150,4"], metavar="D,N,M")
    parser.add_argument("--histories", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--judge-samples", type=int, default=512)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--engines", type=lambda text: text.split(","), default=[*PACKAGES, "parsimony"],
                        help="in this order; the first judges points, parsimony stands last")
    parser.add_argument("--kinds", type=lambda text: text.split(","), default=list(KINDS), help="of the peers")
    parser.add_argument("--tutorial-batches", action="store_true",
                        help="climbs and raw samples of the peers five at a time, as in BoTorch's tutorials")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    torch.set_num_threads(arguments.threads)
    botorch_rs.set_num_threads(arguments.threads)
    for size in arguments.sizes:
        d, n, m = map(int, size.split(","))
        print(f"d {d}, n {n}, m {m}, {arguments.histories} histories of DTLZ2, {arguments.threads} threads")
        measure(d, n, m, arguments)


if __name__ == "__main__":
    main()
