"""A scenario in somebody's hands: step by step, on any runtime, with a console at each gateway.

What `runner.play` does at one go is done here in steps that a test or a student decides on:
time passes, hosts ping, operators type, faults come and are repaired. Like everywhere else what
is seen is computed from the engine's state, and what is done is an act of the scenario language.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from gwsim.capture.ladder import ladder_text
from gwsim.lab.acts import TimelineEntry
from gwsim.lab.compile import compile_scenario, standing, timeline_of
from gwsim.lab.expect.evidence import Evidence, Subject
from gwsim.lab.expect.states import Story
from gwsim.lab.host import Host
from gwsim.lab.load import Loaded, load_text, prepare
from gwsim.lab.messages import ladder_of, trace_of
from gwsim.lab.plan import Act, ChangePath, Plan, PlannedAct, Reconfigure
from gwsim.lab.record import Record
from gwsim.lab.runner import with_configurations
from gwsim.lab.runtimes.hosts import Echo
from gwsim.lab.runtimes.runtime import Runtime
from gwsim.lab.runtimes.sim import SimRuntime
from gwsim.lab.scenario import Scenario
from gwsim.lab.source import Loc, ScenarioError
from gwsim.vendors.registry import VENDORS, screen
from gwsim.vendors.vendor import LogLine, Vendor, View

NONE = "none"
"""The word for a gateway that has no negotiation, as in expectations."""

_GRACE = 1.0
"""Seconds that the answer to a last ping may take."""


def _as_it_is(plan: Plan) -> Plan:
    return plan


class Session:
    """A scenario under way; a context manager, after which nothing of it is left.

    With `play` the scenario's own timeline happens at its times, else nobody does anything that
    is not asked for; `seed` replaces the scenario's own. `veil` may rename what the nodes are told,
    where the names of faults are to stay a secret. Raises ScenarioError for a scenario that
    contradicts itself, RuntimeFailure where the runtime cannot be had.
    """

    def __init__(
        self,
        loaded: Loaded,
        runtime: Runtime | None = None,
        seed: int | None = None,
        play: bool = True,
        veil: Callable[[Plan], Plan] = _as_it_is,
    ) -> None:
        if not play:
            loaded = replace(loaded, scenario=loaded.scenario.without_timeline())
        self._data = dict(loaded.source.data)
        self._veil = veil
        self._scenario, plan = prepare(loaded, seed)
        self._plan = veil(plan)
        self._begun = self._plan
        self._pending = deque(self._plan.acts)
        self._done: list[PlannedAct] = []
        self._runtime = SimRuntime() if runtime is None else runtime

    def __enter__(self) -> "Session":
        """Start the scenario; its clock stands at 0."""
        try:
            self._runtime.start(self._plan)
        except BaseException:
            self._runtime.abandon()
            raise
        self.advance(0.0)
        return self

    def __exit__(self, *unused: object) -> None:
        """End it and leave nothing behind."""
        self._runtime.abandon()

    @property
    def scenario(self) -> Scenario:
        """The scenario as it is now, with all that was done in the session."""
        return self._scenario

    @property
    def plan(self) -> Plan:
        """What the scenario is compiled to, as it is now."""
        return self._plan

    @property
    def now(self) -> float:
        """Seconds since the start."""
        return self._runtime.now()

    @property
    def gateways(self) -> tuple[str, ...]:
        """The names of the gateways."""
        return tuple(config.name for config in self._plan.gateways)

    def console(self, gateway: str) -> "Console":
        """Sit down at a gateway; raises KeyError for a name that is none."""
        if gateway not in self.gateways:
            raise KeyError(f"there is no gateway {gateway!r} here, only {', '.join(self.gateways)}")
        return Console(self, gateway)

    def advance(self, seconds: float) -> None:
        """Let time pass: on a virtual clock at once, elsewhere really."""
        if seconds < 0:
            raise ValueError(f"time does not pass backwards: {seconds:g} s")
        self._runtime.catch_up()
        end = self.now + seconds
        while self._pending and self._pending[0].at <= end:
            act = self._pending.popleft()
            self._runtime.advance(max(0.0, act.at - self.now))
            self._perform(act)
        self._runtime.advance(max(0.0, end - self.now))

    def do(self, **act: Any) -> None:
        """Do one act of the timeline's language now: `do(clear="hq")`, `do(link={...})`.

        Raises ScenarioError for an act that is none, or of somebody who is not there.
        """
        self._runtime.catch_up()
        entry = {"at": self.now, **act}
        self._load(" and ".join(act), {"timeline": [entry]})
        timeline = (*timeline_of(self._scenario), TimelineEntry.model_validate(entry))
        after = self._scenario.model_copy(update={"timeline": timeline})
        self._turn(after, ("timeline", len(timeline) - 1), f"{' and '.join(act)} by hand")

    def ping(
        self,
        source: str,
        destination: str,
        count: int = 4,
        every: float = 1.0,
        size: int = 56,
        df: bool = False,
        ttl: int = 64,
    ) -> tuple[Echo, ...]:
        """Let a host ping another, wait until the last answer is due, and give all requests."""
        self._runtime.catch_up()
        begun = self.now
        ping = {"from": source, "to": destination, "count": count, "every": every}
        self.do(ping={**ping, "size": size, "df": df, "ttl": ttl})
        self.advance((count - 1) * every + _GRACE)
        host = self._host(source).name
        mine = (echo for echo in self.record().echoes if echo.source == host)
        return tuple(echo for echo in mine if echo.at >= begun)[:count]

    def add_fault(self, name: str, **parameters: Any) -> None:
        """Break something as of now, with a fault of the catalogue.

        Raises ScenarioError for a fault that is none, or does not fit.
        """
        faults = [*(self._data.get("faults") or ()), {name: parameters} if parameters else name]
        use = self._load(name, {"faults": faults}).scenario.faults[-1]
        self._data["faults"] = faults
        self._runtime.catch_up()
        if use.start is None:
            use = use.model_copy(update={"start": self.now})
        after = self._scenario.model_copy(update={"faults": (*self._scenario.faults, use)})
        self._turn(after, ("faults", len(after.faults) - 1), f"{name} begins")

    def repair(self, *names: str) -> None:
        """Repair faults by name, as of now; not said which, all of them."""
        for name in names or tuple(dict.fromkeys(use.name for use in self._scenario.faults)):
            self.do(repair=name)

    def record(self) -> Record:
        """Give everything that happened so far."""
        record = with_configurations(self._runtime.record(), self._begun)
        return replace(record, acts=tuple(self._done))

    @property
    def wire(self) -> tuple[str, ...]:
        """The labels of all messages that gateways have sent, in order, those again included."""
        return tuple(entry.label for entry in trace_of(self.record()) if entry.label)

    def ladder(self) -> str:
        """Draw all messages so far."""
        return ladder_text(ladder_of(self.record()))

    def view(self, gateway: str) -> View:
        """Give all that a gateway's screens are made from, as of now."""
        snapshot = self._runtime.snapshot(gateway)
        record = self.record()
        config = record.config(gateway, self.now)
        return View(snapshot, record.gateway(gateway).events, record.epoch, config)

    def _load(self, what: str, changed: dict[str, Any]) -> Loaded:
        """Check the scenario with something changed; JSON is YAML, and keeps values as they are.

        Complaints speak of `what` was asked for, not of lines that nobody has seen.
        """
        try:
            return load_text(json.dumps({**self._data, **changed}))
        except ScenarioError as error:
            said = (replace(problem, path=what, line=0) for problem in error.problems)
            raise ScenarioError(tuple(said)) from None

    def _turn(self, after: Scenario, loc: Loc, text: str) -> None:
        """Bring everything from what the scenario was to what it is to be from now on."""
        acts = tuple(self._differences(after))
        self._scenario, self._plan = after, self._veil(compile_scenario(after))
        for act in acts:
            self._perform(PlannedAct(self.now, act, text, loc))
        for planned in self._plan.acts:
            configured = isinstance(planned.act, Reconfigure | ChangePath)
            if planned.loc[:2] == loc and planned.at <= self.now and not configured:
                self._perform(planned)
        self._pending = deque(act for act in self._plan.acts if act.at > self.now)

    def _differences(self, after: Scenario) -> Iterator[Act]:
        """Find what is configured otherwise in a scenario than it is now."""
        before, then = (
            self._veil(replace(self._plan, gateways=gateways, path=path))
            for gateways, path in (standing(one, self.now) for one in (self._scenario, after))
        )
        for old, new in zip(before.gateways, then.gateways, strict=True):
            if old != new:
                yield Reconfigure(new.name, new)
        if before.path != then.path:
            yield ChangePath(then.path)

    def _perform(self, act: PlannedAct) -> None:
        self._runtime.act(act.act)
        self._done.append(replace(act, at=self.now))

    def _host(self, name: str) -> Host:
        return next(host for host in self._plan.hosts if name in (host.name, host.gateway))


class Console:
    """One gateway as its operator has it: screens, log, and where its negotiations stand."""

    def __init__(self, session: Session, name: str) -> None:
        self.name = name
        self._session = session

    @property
    def vendor(self) -> Vendor:
        """The vendor whose device this is."""
        return VENDORS[self._session.record().gateway(self.name).vendor]

    def show(self, command: str) -> str:
        """Type a command and give what the device prints, be it a complaint about the command."""
        return screen(self.vendor, command, self._session.view(self.name))

    @property
    def log(self) -> tuple[str, ...]:
        """The lines of the device's log so far, as it prints them."""
        return self._written(debug=False)

    @property
    def debug(self) -> tuple[str, ...]:
        """The log with what debug commands show besides."""
        return self._written(debug=True)

    @property
    def state(self) -> str:
        """Where its newest phase 1 stands, in the vendor's word; `none` when there is none."""
        story, now = self._story(), self._session.now
        standing = [stay for stay in story.stays if stay.phase == 1 and stay.spell.holds(now)]
        return (standing[-1].word or standing[-1].state.value) if standing else NONE

    @property
    def passed(self) -> tuple[str, ...]:
        """The states of phase 1 that it went through so far, in the vendor's words."""
        stays = (stay for stay in self._story().stays if stay.phase == 1)
        return tuple(stay.word or stay.state.value for stay in stays)

    def holds(self, word: str) -> bool:
        """Say whether a word is true of it now: a state of its vendor's, `up`, `down`, `none`."""
        now = self._session.now
        return any(spell.holds(now) for spell in self._story().spells(word))

    def _story(self) -> Story:
        evidence = Evidence(self._session.record(), VENDORS)
        return Story(Subject((), evidence.of(self.name)))

    def _written(self, debug: bool) -> tuple[str, ...]:
        view, vendor = self._session.view(self.name), self.vendor
        lines: tuple[LogLine, ...] = vendor.log(view.events, view.snapshot)
        return tuple(
            vendor.format_line(line, view.clock(line.at))
            for line in lines
            if debug or not line.debug
        )
