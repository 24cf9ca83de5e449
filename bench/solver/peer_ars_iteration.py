#!/usr/bin/env python3
"""One ARS iteration of one agent as batched PyTorch tensors, beside `bench_solver --benchmark_filter=ars_iteration`.

The paper's setting: 3000 directions, two rollouts each of 4 states, d 24, m 4, n 150 observations, 64 base
samples. The same operations as ours: directions, rollouts of all policies at once, posterior of the modelled
objectives, Chebyshev reward over the base samples, update by the best 1 %. No gradients, nothing else.

    peer_ars_iteration.py [threads] [repeats]      # seconds: median over the repeats
"""
import statistics
import sys
import time

import torch

N, H, D, M, ROWS, SAMPLES, HIDDEN = 3000, 4, 24, 4, 150, 64, 64
NOISE, RATE, SCALE, SHARE, RHO, PENALTY = 1e-2, 1e-3, 100.0, 0.01, 0.005, 1e-3


class Posterior:
    """Matérn-5/2 processes conditioned once; [k, n, ...] tables of k processes."""

    def __init__(self, k, dtype, generator):
        points = torch.rand(ROWS, D, generator=generator, dtype=torch.float64)
        lengthscales = 1.0 + 2.0 * torch.rand(k, D, generator=generator, dtype=torch.float64)
        self.factors = (5.0**0.5 / lengthscales).to(dtype)
        scaled = (points - 0.5) * (5.0**0.5 / lengthscales)[:, None, :]
        r = torch.cdist(scaled, scaled)
        covariance = (1 + r + r * r / 3) * torch.exp(-r) + 0.01 * torch.eye(ROWS, dtype=torch.float64)
        root = torch.linalg.cholesky(covariance)
        eye = torch.eye(ROWS, dtype=torch.float64).expand(k, ROWS, ROWS)
        self.inverse = torch.linalg.solve_triangular(root, eye, upper=False).to(dtype)
        values = torch.randn(k, ROWS, 1, generator=generator, dtype=torch.float64)
        self.weights = torch.cholesky_solve(values, root)[..., 0].to(dtype)
        self.scaled = scaled.to(dtype)
        self.norms = (scaled * scaled).sum(-1).to(dtype)

    def moments(self, states):
        """states [b, d] -> means, deviations [k, b]"""
        x = (states - 0.5) * self.factors[:, None, :]
        squared = torch.baddbmm(self.norms[:, :, None] + (x * x).sum(-1)[:, None, :], self.scaled,
                                x.transpose(1, 2), alpha=-2.0).clamp_min_(0)
        r = squared.sqrt()
        kernel = squared.div_(3).add_(r).add_(1).mul_(r.neg_().exp_())
        mean = torch.bmm(self.weights[:, None, :], kernel)[:, 0]
        explained = torch.bmm(self.inverse, kernel)
        variance = 1 - explained.square_().sum(1)
        return mean, variance.clamp_min_(0).sqrt_()


def computed_costs(states):
    """ROM, RAM, FLOPs of 22 widths 4 ... 64 (deployment_toy of tests/solver/problems.hpp): costs [3, b]."""
    width = 4 + torch.floor(61 * states[:, 2:]).clamp_max_(60)
    before = torch.cat([torch.full_like(width[:, :1], 6.0), width[:, :-1]], 1)
    product = before * width
    full = 6 * 64 + 21 * 4096
    share = 1.0 / torch.arange(1, 23, dtype=states.dtype)
    return torch.stack([2 * product.sum(1) / full, (before + width).amax(1) / 100, 2 * (product @ share) / full])


class Iteration:
    def __init__(self, modelled, dtype):
        generator = torch.Generator().manual_seed(1)
        self.dtype, self.modelled = dtype, modelled
        self.posterior = Posterior(modelled, dtype, generator)
        self.weights = torch.distributions.Dirichlet(torch.ones(M)).sample().to(dtype)
        self.base = torch.randn(SAMPLES, modelled, 1, generator=generator).to(dtype)
        self.first = torch.zeros(HIDDEN, D, dtype=dtype)
        self.second = torch.zeros(D, HIDDEN, dtype=dtype)
        self.start = torch.rand(D, generator=generator).to(dtype)
        self.draw = 0.0

    def states(self, first, second):
        """All rollouts at once: [2n, h, d]"""
        phi = torch.cat([first, -first]).mul_(NOISE).add_(self.first)
        psi = torch.cat([second, -second]).mul_(NOISE).add_(self.second)
        x = self.start.expand(2 * N, D).unsqueeze(-1)
        visited = []
        for _ in range(H):
            hidden = torch.bmm(phi, 2 * x - 1).relu_()
            x = torch.baddbmm(x, psi, hidden, alpha=SCALE).clamp_(0, 1)
            visited.append(x[..., 0])
        return torch.stack(visited, 1)

    def rewards(self, states):
        mean, deviation = self.posterior.moments(states)
        terms = (mean + deviation * self.base) * self.weights[:self.modelled, None]  # [samples, k, b]
        greatest, total = terms.amax(1), terms.sum(1)
        if self.modelled < M:
            costs = computed_costs(states)
            exact = costs * self.weights[self.modelled:, None]
            greatest = torch.maximum(greatest, exact.amax(0))
            total = total + exact.sum(0)
        gain = 0.3 - greatest - RHO * total
        reward = torch.where(gain > 0, gain, PENALTY * gain).mean(0)
        if self.modelled < M:  # the limits of ROM and RAM
            excess = (costs[:2] - 1).clamp_min_(0).sum(0)
            reward = torch.where(excess > 0, -PENALTY * (1 + excess), reward)
        return reward

    def step(self):
        begin = time.perf_counter()
        first = torch.randn(N, HIDDEN, D, dtype=self.dtype)
        second = torch.randn(N, D, HIDDEN, dtype=self.dtype)
        self.draw = time.perf_counter() - begin
        states = self.states(first, second).reshape(-1, D)
        if self.modelled < M:  # integers are scored where they decode
            states = torch.cat([states[:, :2], (torch.floor(61 * states[:, 2:]).clamp_max_(60) + 0.5) / 61], 1)
        sums = self.rewards(states).reshape(2, N, H).sum(-1)
        used = sums.amax(0).topk(max(1, int(SHARE * N))).indices
        deviation = sums[:, used].std(correction=0)
        if deviation >= 1e-12:
            factor = RATE / (len(used) * deviation) * (sums[0, used] - sums[1, used])
            self.first += torch.einsum("k,kij->ij", factor, first[used])
            self.second += torch.einsum("k,kij->ij", factor, second[used])


def main():
    threads = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    torch.set_num_threads(threads)
    for modelled in (M, 1):
        for dtype in (torch.float64, torch.float32):
            iteration = Iteration(modelled, dtype)
            iteration.step()
            whole, drawing = [], []
            for _ in range(repeats):
                begin = time.perf_counter()
                iteration.step()
                whole.append(time.perf_counter() - begin)
                drawing.append(iteration.draw)
            print(f"{modelled} modelled, {str(dtype)[6:]}, {threads} threads: {statistics.median(whole):.4f} s, "
                  f"of which drawing the directions {statistics.median(drawing):.4f} s", flush=True)


if __name__ == "__main__":
    with torch.inference_mode():
        main()
