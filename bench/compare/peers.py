"""Other optimisers on the problems of `parsimony compare`, from the same starts, in its run format.

    python3 -m venv PEERS && PEERS/bin/pip install optuna pymoo     # torch, botorch, botorch-rust for GPs
    PEERS/bin/python bench/compare/peers.py --parsimony build/release/bin/parsimony \\
        --problems dtlz2,macro --peers optuna-tpe,optuna-nsga2 --seeds 1-5 --trials 100 --out comparisons/peers
    parsimony compare --problems dtlz2,macro --solvers random,ars --seeds 1-5 --include comparisons/peers

Every point is evaluated by `parsimony compare --evaluate`, so no problem is written down twice. A run is written
after every point, and one that was cut off counts as far as it goes. Called again, whole runs stay as they are and
those of peers with a GP go on. BoTorch is seeded anew for each suggestion, so its run is the one never cut off;
Optuna's sampler is seeded anew where it goes on, and botorch-rust takes no seed from outside: theirs is another run,
as good. Peers that need milliseconds start over. Peers whose library is missing are refused by name. Each runs on
one thread. Costs that parsimony marks as computed are measured values to the peers.
"""

import argparse
import importlib.metadata
import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(variable, "1")


class Evaluator:
    """One problem behind `parsimony compare --evaluate`."""

    def __init__(self, program, problem, options):
        command = [program, "compare", "--evaluate", "--problems", problem]
        label = problem.split("=")[0]
        for option in options:
            if option.startswith(label + ":"):
                command += ["--problem-options", option]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.description = self.request({"describe": True})
        self.parameters = self.description["parameters"]
        self.dimension = self.description["dimension"]
        self.objectives = len(self.description["objectives"])
        self.references = [objective["reference"] for objective in self.description["objectives"]]
        self.constraints = len(self.description["constraints"])

    def request(self, message):
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("parsimony ended; its message stands above")
        answer = json.loads(line)
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Run:
    """Points, outcomes and times of one peer on one problem with one seed."""

    def __init__(self, evaluator, starts, trials, keep):
        self.evaluator, self.starts, self.trials, self.keep = evaluator, starts[:trials], trials, keep
        self.answers, self.seconds = [], []

    def go_on_from(self, stored):
        """Takes up the points of a run that was cut off, evaluated anew."""
        if stored["points"][:stored["initial"]] != [start["point"] for start in self.starts]:
            raise SystemExit(f"{stored['problem']}, seed {stored['seed']}: the stored run has other starts")
        self.answers = [self.evaluator.request({"point": point}) for point in stored["points"]]
        self.seconds = stored["seconds"]

    def evaluate(self, message):
        self.answers.append(self.evaluator.request(message))
        if self.seconds:
            self.keep(self)
        return self.answers[-1]

    def asked(self, function, share=1):
        """Calls what asks for `share` points, and notes how long it took for each."""
        start = time.perf_counter()
        result = function()
        self.seconds += [(time.perf_counter() - start) / share] * share
        return result

    def done(self):
        return len(self.answers) >= self.trials

    def as_json(self, problem, solver, seed, program):
        return {
            "format": "parsimony-run-1", "problem": problem, "solver": solver, "seed": seed, "program": program,
            "trials": min(self.trials, len(self.answers)), "initial": len(self.starts), "exhausted": False,
            "seconds": self.seconds,
            "points": [answer["point"] for answer in self.answers],
            "objectives": [answer["objectives"] for answer in self.answers],
            "constraints": [answer["constraints"] for answer in self.answers],
        }


def seed_of(seed, number):
    """The seed of what a run draws from its point `number` on; the run's own at its beginning."""
    return seed + 1_000_000 * number


# Optuna: a study over the problem's own parameters; starts are enqueued.

def optuna_sampler(kind, seed, constrained):
    import optuna
    constraints = (lambda trial: trial.user_attrs["constraints"]) if constrained else None
    if kind == "tpe":
        return optuna.samplers.TPESampler(seed=seed, n_startup_trials=10, constraints_func=constraints)
    if kind == "nsga2":
        return optuna.samplers.NSGAIISampler(seed=seed, population_size=20, constraints_func=constraints)
    return optuna.samplers.GPSampler(seed=seed, n_startup_trials=10, constraints_func=constraints)


def optuna_distribution(parameter):
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
    if parameter["type"] == "categorical":
        return CategoricalDistribution(parameter["choices"])
    kind = FloatDistribution if parameter["type"] == "float" else IntDistribution
    return kind(parameter["low"], parameter["high"], log=parameter["log"])


def run_optuna(kind, run, seed):
    import optuna
    import warnings
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    warnings.simplefilter("ignore")
    evaluator = run.evaluator
    space = {parameter["name"]: optuna_distribution(parameter) for parameter in evaluator.parameters}
    study = optuna.create_study(directions=["minimize"] * evaluator.objectives,
                                sampler=optuna_sampler(kind, seed_of(seed, len(run.answers)),
                                                       evaluator.constraints > 0))
    for answer in run.answers:
        study.add_trial(optuna.trial.create_trial(
            params=answer["parameters"], distributions=space, values=answer["objectives"],
            user_attrs={"constraints": answer["constraints"]},
            system_attrs={"constraints": answer["constraints"]} if evaluator.constraints else None))
    for start in run.starts[len(run.answers):]:
        study.enqueue_trial(start["parameters"])
    while not run.done():
        given = len(run.answers) < len(run.starts)
        trial = study.ask(space) if given else run.asked(lambda: study.ask(space))
        answer = run.evaluate({"parameters": trial.params})
        trial.set_user_attr("constraints", answer["constraints"])
        if given:
            study.tell(trial, answer["objectives"])
        else:
            start = time.perf_counter()   # some samplers do their work when told
            study.tell(trial, answer["objectives"])
            run.seconds[-1] += time.perf_counter() - start
    return "optuna " + optuna.__version__


# pymoo: NSGA-II in the unit cube, its first population the starts.

def run_pymoo(run, seed):
    import numpy
    import pymoo
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.evaluator import Evaluator as Book
    from pymoo.core.population import Population
    from pymoo.core.problem import Problem
    from pymoo.core.termination import NoTermination
    from pymoo.problems.static import StaticProblem
    evaluator = run.evaluator
    problem = Problem(n_var=evaluator.dimension, n_obj=evaluator.objectives, n_ieq_constr=evaluator.constraints,
                      xl=0.0, xu=1.0)
    first = Population.new("X", numpy.array([start["point"] for start in run.starts]))
    algorithm = NSGA2(pop_size=max(2, len(run.starts)), sampling=first)
    algorithm.setup(problem, termination=NoTermination(), seed=seed)
    while not run.done():
        given = not run.answers
        population = algorithm.ask() if given else run.asked(algorithm.ask)
        answers = [run.evaluate({"point": list(map(float, x))}) for x in population.get("X")]
        outcome = {"F": numpy.array([answer["objectives"] for answer in answers])}
        if evaluator.constraints:
            outcome["G"] = numpy.array([answer["constraints"] for answer in answers])
        Book().eval(StaticProblem(problem, **outcome), population)
        algorithm.tell(infills=population)
        if not given:   # one ask gave a whole generation
            run.seconds[-1:] = [run.seconds[-1] / len(answers)] * len(answers)
    del run.answers[run.trials:]
    return "pymoo " + pymoo.__version__


# BoTorch: one GP for each objective and constraint over the unit cube (integers and choices relaxed, then
# snapped by parsimony), its maximisation sign; ParEGO's weights anew for each suggestion.
# The package is BoTorch or botorch-rust, which has its interface.

def botorch_model(part, points, values):
    mlls = importlib.import_module("gpytorch.mlls") if part("").__name__ == "botorch" else part("mlls")
    models = [part("models").SingleTaskGP(points, values[:, [k]],
                                          outcome_transform=part("models.transforms").Standardize(1))
              for k in range(values.shape[1])]
    model = part("models").ModelListGP(*models)
    part("fit").fit_gpytorch_mll(mlls.SumMarginalLogLikelihood(model.likelihood, model))
    return model


def botorch_acquisition(part, kind, model, points, values, evaluator):
    import torch
    m = evaluator.objectives
    sampler = part("sampling").SobolQMCNormalSampler(sample_shape=torch.Size([128]))
    constraints = [lambda samples, k=k: samples[..., k] for k in range(m, m + evaluator.constraints)] or None
    if kind == "qlognehvi":
        objective = part("acquisition.multi_objective.objective").IdentityMCMultiOutputObjective
        return part("acquisition.multi_objective.logei").qLogNoisyExpectedHypervolumeImprovement(
            model=model, ref_point=[-reference for reference in evaluator.references], X_baseline=points,
            sampler=sampler, prune_baseline=True, constraints=constraints,
            objective=objective(outcomes=list(range(m))))
    with torch.no_grad():
        believed = torch.as_tensor(model.posterior(points).mean)[:, :m]
    weights = part("utils.sampling").sample_simplex(m, dtype=points.dtype).squeeze(0)
    scalar = part("utils.multi_objective.scalarization").get_chebyshev_scalarization(weights=weights, Y=believed)
    return part("acquisition.logei").qLogNoisyExpectedImprovement(
        model=model, X_baseline=points, sampler=sampler, prune_baseline=True, constraints=constraints,
        objective=part("acquisition.objective").GenericMCObjective(lambda samples, X=None: scalar(samples[..., :m])))


def run_botorch(package, kind, run, seed):
    import warnings
    import torch
    part = lambda name: importlib.import_module(f"{package}.{name}" if name else package)
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    if package == "botorch_rs":
        part("").set_num_threads(1)
    evaluator = run.evaluator
    bounds = torch.tensor([[0.0] * evaluator.dimension, [1.0] * evaluator.dimension], dtype=torch.double)
    for start in run.starts[len(run.answers):]:
        run.evaluate({"point": start["point"]})

    # All climbs at once, raw samples in few batches: twice as fast as the tutorials' batch_limit of 5, which scores
    # raw samples five at a time, and the same points. Boxes of more than two objectives take much memory.
    options = {"batch_limit": 10, "init_batch_limit": 512 if evaluator.objectives < 3 else 32, "maxiter": 200}

    def suggest():
        torch.manual_seed(seed_of(seed, len(run.answers)))
        points = torch.tensor([answer["point"] for answer in run.answers], dtype=torch.double)
        values = torch.tensor([[-value for value in answer["objectives"]] + answer["constraints"]
                               for answer in run.answers], dtype=torch.double)
        model = botorch_model(part, points, values)
        acquisition = botorch_acquisition(part, kind, model, points, values, evaluator)
        candidate, _ = part("optim").optimize_acqf(acquisition, bounds=bounds, q=1, num_restarts=10, raw_samples=512,
                                                   options=options)
        return torch.as_tensor(candidate)[0].tolist()

    while not run.done():
        run.evaluate({"point": run.asked(suggest)})
    return f"{package} {importlib.metadata.version({'botorch_rs': 'botorch-rust'}.get(package, package))}"


CONTINUED = ("optuna-gp", "botorch-")
PEERS = {
    "optuna-tpe": (["optuna"], lambda run, seed: run_optuna("tpe", run, seed)),
    "optuna-nsga2": (["optuna"], lambda run, seed: run_optuna("nsga2", run, seed)),
    "optuna-gp": (["optuna", "torch"], lambda run, seed: run_optuna("gp", run, seed)),
    "pymoo-nsga2": (["pymoo"], run_pymoo),
    "botorch-qlognparego": (["botorch"], lambda run, seed: run_botorch("botorch", "qlognparego", run, seed)),
    "botorch-qlognehvi": (["botorch"], lambda run, seed: run_botorch("botorch", "qlognehvi", run, seed)),
    "botorch-rust-qlognehvi": (["botorch_rs", "torch"],
                               lambda run, seed: run_botorch("botorch_rs", "qlognehvi", run, seed)),
    "botorch-rust-qlognparego": (["botorch_rs", "torch"],
                                 lambda run, seed: run_botorch("botorch_rs", "qlognparego", run, seed)),
}


def parse_seeds(text):
    seeds = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        seeds.update(range(int(first), int(last or first) + 1))
    return sorted(seeds)


def usable_peers(names):
    chosen = []
    for name in names.split(","):
        if name not in PEERS:
            raise SystemExit(f"--peers: is '{name}'; allowed: {', '.join(PEERS)}")
        missing = [library for library in PEERS[name][0] if importlib.util.find_spec(library) is None]
        if missing:
            print(f"{name}: left out, no {' and no '.join(missing)} here", file=sys.stderr)
        else:
            chosen.append(name)
    return chosen


def read_starts(arguments, folder):
    command = [arguments.parsimony, "compare", "--starts-only", "--quiet", "--problems", arguments.problems,
               "--seeds", arguments.seeds, "--initial", str(arguments.initial), "--out", str(folder)]
    for option in arguments.problem_options:
        command += ["--problem-options", option]
    subprocess.run(command, check=True)
    starts = {}
    for one in json.loads((folder / "starts.json").read_text()):
        starts[one["problem"], one["seed"]] = [{"point": point, "parameters": parameters} for point, parameters
                                               in zip(one["points"], one["parameters"])]
    return starts


def store(path, content):
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(content))
    partial.rename(path)


def make_run(name, evaluator, problem, seed, starts, arguments, path):
    keep = lambda run: store(path, run.as_json(problem, name, seed, name))
    run = Run(evaluator, starts, arguments.trials, keep)
    if path.exists() and name.startswith(CONTINUED):
        run.go_on_from(json.loads(path.read_text()))
    program = PEERS[name][1](run, seed)
    store(path, run.as_json(problem, name, seed, program))
    mean = sum(run.seconds) / max(1, len(run.seconds))
    print(f"{name} on {problem}, seed {seed}: {mean:.3f} s a suggestion", file=sys.stderr)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--parsimony", default="build/release/bin/parsimony", help="the program")
    parser.add_argument("--problems", required=True, help="as parsimony compare takes them")
    parser.add_argument("--problem-options", action="append", default=[], metavar="LABEL:KEY=VALUE")
    parser.add_argument("--peers", default=",".join(PEERS), help=", ".join(PEERS))
    parser.add_argument("--seeds", default="1-5")
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--initial", type=int, default=10)
    parser.add_argument("--out", type=Path, default=Path("comparisons/peers"), help="folder of runs")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    peers = usable_peers(arguments.peers)
    arguments.out.mkdir(parents=True, exist_ok=True)
    starts = read_starts(arguments, arguments.out / "starts")
    for seed in parse_seeds(arguments.seeds):
        for written in arguments.problems.split(","):
            problem = written.split("=")[0]
            for name in peers:
                path = arguments.out / f"{problem}-{name}-{seed}.json"
                if path.exists() and json.loads(path.read_text())["trials"] >= arguments.trials:
                    continue
                evaluator = Evaluator(arguments.parsimony, written, arguments.problem_options)
                make_run(name, evaluator, problem, seed, starts[problem, seed], arguments, path)
                evaluator.close()


if __name__ == "__main__":
    main()
