"""A user's script with its troubles: some points crash, some hang, some are no number. The rest is a problem with a
known front: f1 = x, f2 = 1 - sqrt(x) + n (best at n = 0), reward the negative of f2."""
import json
import math
import os
import signal
import sys
import time

point = json.load(sys.stdin)
x, n, kind = point["x"], point["n"], point["kind"]
trial = int(os.environ["PARSIMONY_TRIAL"])
f1, f2 = x, 1 - math.sqrt(x) + n
if kind == "troubled":
    trouble = trial % 7
    if trouble == 0:
        raise RuntimeError("the simulation diverged")
    if trouble == 1:
        os.kill(os.getpid(), signal.SIGSEGV)
    if trouble == 2:
        time.sleep(1000)
    if trouble == 3:
        f1 = float("nan")
    if trouble == 4:
        print("no result")
        sys.exit(0)
time.sleep(float(os.environ.get("TROUBLED_SECONDS", "0")))
print("evaluating", point)
print(json.dumps({"objectives": {"f1": f1, "reward": -f2}, "constraints": {"c1": 0.02 - x}}))
