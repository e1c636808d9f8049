"""Running scenarios: from a loaded file to a verdict, one at a time or many at once.

`run` makes one scenario true and judges it, `run_twin` runs it without its faults to show that it
is they and nothing else, `run_many` runs files side by side in processes of their own.
"""

import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Protocol

from gwsim.capture.wanted import NOTHING, Wanted
from gwsim.lab.expect.evaluate import Judgement, judge, watches
from gwsim.lab.expect.evidence import Evidence
from gwsim.lab.faults.catalogue import witnesses
from gwsim.lab.faults.twin import twin
from gwsim.lab.lateness import late_words
from gwsim.lab.load import Loaded, load_scenario, prepare
from gwsim.lab.messages import last_messages, trace_of
from gwsim.lab.outcomes import outcomes
from gwsim.lab.plan import Plan, PlannedAct, Reconfigure
from gwsim.lab.record import GatewayRecord, Record
from gwsim.lab.runtimes.failure import RuntimeFailure
from gwsim.lab.runtimes.registry import SIM, make_runtime
from gwsim.lab.runtimes.runtime import Runtime, Watch
from gwsim.lab.runtimes.sim import SimRuntime
from gwsim.lab.scenario import Scenario
from gwsim.lab.source import ScenarioError
from gwsim.lab.verdict import Bite, Finding, Verdict
from gwsim.lab.workers import Mortal, workers
from gwsim.vendors.registry import VENDORS


@dataclass(frozen=True, slots=True)
class Run:
    """A run that is over: what was wanted and planned, what happened and what that is worth.

    `judgements` are those of all expectations, met or not; the verdict tells of the others only.
    """

    scenario: Scenario
    plan: Plan
    record: Record
    judgements: tuple[Judgement, ...]
    verdict: Verdict


class NotKept(RuntimeError):
    """Something of a run could not be written; the text says what and why."""


class Keeper(Protocol):
    """Keeps something of a run where it ran: a report, a capture. It travels to that process."""

    def looks(self, scenario: Scenario, plan: Plan) -> Iterable[float]:
        """List moments at which it needs a snapshot of all gateways."""

    def keep(self, loaded: Loaded, run: Run) -> None:
        """Write down what is to stay of the run; OSError when that cannot be written."""


def play(
    plan: Plan,
    runtime: Runtime,
    watching: Sequence[Watch] = (),
    looks: Sequence[float] = (),
) -> Record:
    """Make a plan come true: acts at their times, and snapshots of all gateways at `looks`.

    At one time everything that happens by itself comes first, then acts, then snapshots. A run
    that breaks off leaves nothing behind.
    """
    try:
        return _play(plan, runtime, watching, looks)
    finally:
        runtime.abandon()


def _play(
    plan: Plan, runtime: Runtime, watching: Sequence[Watch], looks: Sequence[float]
) -> Record:
    acts: dict[float, list[PlannedAct]] = {}
    for act in plan.acts:
        acts.setdefault(act.at, []).append(act)
    times = set(looks)
    runtime.start(plan, tuple(watching))
    for at in sorted(moment for moment in {*acts, *times} if moment <= plan.duration):
        runtime.advance(at - runtime.now())
        for act in acts.get(at, ()):
            runtime.act(act.act)
        if at in times:
            for gateway in plan.gateways:
                runtime.snapshot(gateway.name)
    runtime.advance(plan.duration - runtime.now())
    return with_configurations(runtime.stop(), plan)


def with_configurations(record: Record, plan: Plan) -> Record:
    """Note what each gateway was told at the start; no runtime needs to remember that.

    Networks and addresses are all it had in the run, for a packet may be older than a change.
    """
    told = {config.name: [config] for config in plan.gateways}
    for planned in plan.acts:
        if isinstance(planned.act, Reconfigure):
            told[planned.act.gateway].append(planned.act.config)

    def completed(gateway: GatewayRecord) -> GatewayRecord:
        configs = told[gateway.name]
        networks = (network for config in configs for network in config.inside)
        addresses = (*gateway.addresses, *(config.endpoint.address for config in configs))
        return replace(
            gateway,
            config=configs[0],
            inside=tuple(dict.fromkeys(networks)),
            addresses=tuple(dict.fromkeys(addresses)),
        )

    return replace(record, gateways=tuple(map(completed, record.gateways)))


def run(
    loaded: Loaded,
    seed: int | None = None,
    runtime: Runtime | None = None,
    keepers: Sequence[Keeper] = (),
) -> Run:
    """Run a scenario and judge it; `seed` replaces the scenario's own, `runtime` the simulation.

    `keepers` are given the judged run, in their order. Raises ScenarioError when the scenario
    contradicts itself in a way only compiling shows, NotKept for what cannot be written.
    """
    begun = perf_counter()
    scenario, plan = prepare(loaded, seed)
    watching = watches(scenario, plan.duration)
    looks = {moment for watch in watching for moment in (watch.since, watch.until)}
    looks.update(moment for keeper in keepers for moment in keeper.looks(scenario, plan))
    record = play(plan, SimRuntime() if runtime is None else runtime, watching, sorted(looks))
    judgements = tuple(judge(scenario, record, VENDORS))
    bites = _bites(loaded, scenario, record)
    verdict = _verdict(loaded, plan, record, judgements, bites, begun)
    over = Run(scenario, plan, record, judgements, verdict)
    _keep(loaded, over, keepers)
    return over


def _keep(loaded: Loaded, over: Run, keepers: Sequence[Keeper]) -> None:
    try:
        for keeper in keepers:
            keeper.keep(loaded, over)
    except OSError as error:
        reason = error.strerror or error
        raise NotKept(f"{error.filename}: cannot be written: {reason}") from error


def run_twin(loaded: Loaded, seed: int | None = None) -> Run:
    """Run a scenario without its faults: every tunnel must come up and carry traffic both ways."""
    return run(replace(loaded, scenario=twin(loaded.scenario)), seed)


def run_file(
    path: str,
    seed: int | None = None,
    runtime: str = SIM,
    speed: float | None = None,
    keepers: Sequence[Keeper] = (),
    capture: Wanted = NOTHING,
) -> Verdict:
    """Run a file and give its verdict; whatever breaks off the run is an error in the verdict.

    `runtime` names where it runs, `speed` how many of its seconds pass in a real one there, and
    `capture` what its record holds for captures.
    """

    def work() -> Verdict:
        made = make_runtime(runtime, speed, capture)
        return run(load_scenario(path), seed, made, keepers).verdict

    return _guarded(path, seed, work)


def run_loaded(
    loaded: Loaded,
    seed: int | None = None,
    runtime: str = SIM,
    speed: float | None = None,
    keepers: Sequence[Keeper] = (),
    capture: Wanted = NOTHING,
) -> Verdict:
    """Do what `run_file` does with a scenario that is loaded already."""

    def work() -> Verdict:
        return run(loaded, seed, make_runtime(runtime, speed, capture), keepers).verdict

    return _guarded(loaded.name, seed, work)


def _guarded(name: str, seed: int | None, work: Callable[[], Verdict]) -> Verdict:
    try:
        return work()
    except (ScenarioError, RuntimeFailure, NotKept) as error:
        return Verdict(name, name, "", seed or 0, error=str(error))
    except Exception as error:  # a bug of ours must not take the other scenarios along
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{frames[-1].filename}:{frames[-1].lineno}"
        words = f"gwsim broke off, and that is a bug in gwsim: {error!r} at {place}"
        return Verdict(name, name, "", seed or 0, error=words)


def run_many(
    paths: Sequence[str],
    seed: int | None = None,
    jobs: int = 1,
    runtime: str = SIM,
    speed: float | None = None,
    keepers: Sequence[Keeper] = (),
    capture: Wanted = NOTHING,
) -> Iterator[Verdict]:
    """Run files and give their verdicts in the order of the files, each as soon as it is there."""
    kept = tuple(keepers)
    work = partial(run_file, seed=seed, runtime=runtime, speed=speed, keepers=kept, capture=capture)
    if jobs <= 1 or len(paths) <= 1:
        yield from map(work, paths)
        return
    with workers(min(jobs, len(paths))) as pool:
        yield from pool.map(Mortal(work), paths)


def _verdict(
    loaded: Loaded,
    plan: Plan,
    record: Record,
    judgements: Sequence[Judgement],
    bites: tuple[Bite, ...],
    begun: float,
) -> Verdict:
    failures = [judged for judged in judgements if not judged.met]
    failed = bool(failures) or not all(bite.ok for bite in bites)
    odd = (*loaded.warnings, *(late_words(record.lateness) if failed else ()))
    return Verdict(
        file=loaded.name,
        name=plan.name,
        title=plan.title,
        seed=plan.seed,
        simulated=record.duration,
        elapsed=perf_counter() - begun,
        findings=_findings(loaded, record, failures),
        bites=bites,
        warnings=tuple(map(str, odd)),
        tunnels=outcomes(loaded.scenario, Evidence(record, VENDORS)),
    )


def _findings(loaded: Loaded, record: Record, failures: Sequence[Judgement]) -> tuple[Finding, ...]:
    """Say of each failure where it was expected and what was last on the wire before it."""
    # The trace of a long run takes a moment, and only failures need it.
    trace = trace_of(record) if failures else ()
    poles = [gateway.name for gateway in record.gateways]
    return tuple(
        Finding(
            place=loaded.place(failure.where),
            line=loaded.source_line(failure.where) if failure.where else "",
            gateway=failure.gateway,
            expected=failure.expected,
            seen=failure.seen,
            at=failure.at,
            before=last_messages(trace, poles, failure.at),
        )
        for failure in failures
    )


def _bites(loaded: Loaded, scenario: Scenario, record: Record) -> tuple[Bite, ...]:
    """Ask the witness of every fault whether it made itself felt."""
    told = zip(scenario.faults, witnesses(scenario, record), strict=True)
    return tuple(
        Bite(use.name, loaded.place(("faults", index)), said.bit, use.bites, said.why)
        for index, (use, said) in enumerate(told)
    )
