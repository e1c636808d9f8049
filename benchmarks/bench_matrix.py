"""What the whole matrix costs, in runs a second, and how much of that is cryptography.

Run with `pytest benchmarks/bench_matrix.py -s`; nothing is asserted about time. The share of
cryptography is that of the time a profiler sees in gwsim's crypto package and below it.
"""

import cProfile
import pstats
from time import perf_counter

import pytest

from gwsim.lab.matrix.compute import compute
from gwsim.lab.matrix.coordinates import Coordinates, every

SETTINGS = ["main", "nat", "aggressive"]


def sample(step: int = 7) -> list[Coordinates]:
    """Give every so-manieth cell of the whole matrix."""
    return list(every())[::step]


def crypto_share(profile: cProfile.Profile) -> float:
    """Give the part of the time spent in functions called from outside the crypto package."""
    stats = pstats.Stats(profile)
    within = 0.0
    for (file, _, _), (_, _, _, _, callers) in stats.stats.items():  # type: ignore[attr-defined]
        if "/gwsim/crypto/" in file:
            within += sum(
                entry[3] for caller, entry in callers.items() if "/gwsim/crypto/" not in caller[0]
            )
    return within / stats.total_tt  # type: ignore[attr-defined]


@pytest.mark.parametrize("setting", SETTINGS)
def test_runs_a_second(benchmark, setting):
    cells = list(every(settings=[setting]))[::40]
    benchmark.pedantic(lambda: list(compute(cells, brief=True)), rounds=1)
    rate = len(cells) / benchmark.stats.stats.median
    benchmark.extra_info["runs a second on one core"] = round(rate)
    print(f"\n{setting}: {len(cells)} runs, {rate:.0f} a second on one core")


def test_two_processes():
    cells = sample(20)
    began = perf_counter()
    done = list(compute(cells, 2, brief=True))
    rate = len(done) / (perf_counter() - began)
    total = len(list(every()))
    print(f"\ntwo processes: {rate:.0f} runs a second; {total} cells take {total / rate:.0f} s")


def test_share_of_cryptography():
    cells = sample(60)
    profile = cProfile.Profile()
    profile.runcall(lambda: list(compute(cells, brief=True)))
    print(f"\ncryptography: {crypto_share(profile):.0%} of {len(cells)} runs")
