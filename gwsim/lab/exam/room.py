"""The room of an exam: the lab in the student's hands.

It shows what the gateways show and never says what is wrong, until the end.
"""

from collections.abc import Iterable

from gwsim.lab.compile import compile_scenario
from gwsim.lab.durations import duration
from gwsim.lab.exam.mark import FOUND, Mark, Progress, judged, mark
from gwsim.lab.exam.paper import Answer, Paper, as_loaded, works
from gwsim.lab.exam.veil import veiled
from gwsim.lab.faults.catalogue import CATALOGUE, witnesses
from gwsim.lab.nearest import instead
from gwsim.lab.record import Record
from gwsim.lab.runner import play
from gwsim.lab.runtimes.runtime import Runtime
from gwsim.lab.runtimes.sim import SimRuntime
from gwsim.lab.scenario import FaultUse
from gwsim.lab.session import Console, Session

LEAD = 90.0
"""Seconds for which the lab has been broken when the student comes in."""

FIRST, LAST = 22, 10
"""How many lines of a long ladder are drawn, of its beginning and of its end."""

_TRIES = 5


class Misunderstood(ValueError):
    """Something that the room cannot make sense of; the text says what it would understand."""


class Room:
    """An exam under way; a context manager, after which nothing of its lab is left."""

    def __init__(self, paper: Paper, runtime: Runtime | None = None) -> None:
        self.paper = paper
        self.progress = Progress()
        self._session = Session(as_loaded(paper.scenario), runtime, veil=veiled)

    def __enter__(self) -> "Room":
        """Start the lab, and let the users complain for a while."""
        self._session.__enter__()
        self._session.advance(LEAD)
        return self

    def __exit__(self, *unused: object) -> None:
        self._session.__exit__()

    def ticket(self) -> str:
        """Give what the student is told at the start."""
        source, target = self.paper.scenario.tunnels[0].between
        gateways = (
            f"  {config.name:<8} {config.vendor:<10} outside {config.endpoint.address},"
            f" inside {', '.join(config.inside)}"
            for config in self._session.plan.gateways
        )
        number = len(self.paper.answers)
        what = "One thing is wrong" if number == 1 else f"{number} things are wrong"
        hosts = {host.gateway: host.name for host in self._session.plan.hosts}
        return "\n".join(
            (
                f"Exam, level {self.paper.level}, seed {self.paper.seed}. {what} here.",
                f"Since this morning {hosts[source]} has trouble reaching {hosts[target]}.",
                *gateways,
                "Say `help` for what you can do.",
            )
        )

    def result(self) -> Mark:
        """Give the mark: whether the tunnel works now is tried out in the lab itself."""
        self.progress.seconds = self._session.now - LEAD
        self.progress.works = self._works_now()
        return mark(self.paper.answers, self.progress)

    def evidence(self) -> tuple[str, ...]:
        """Reveal each fault: cause, proof that it bit, and repair."""
        return tuple(
            self._revealed(answer, use)
            for answer, use in zip(self.paper.answers, self.paper.scenario.faults, strict=True)
        )

    def _revealed(self, answer: Answer, use: FaultUse) -> str:
        alone = self.paper.scenario.model_copy(update={"faults": (use,)})
        [said] = witnesses(alone, self._alone(use))
        fault = CATALOGUE[use.name]
        where = f" at {answer.at}" if answer.at else ""
        return f"{use.name}{where}: {fault.cause}\n  proof:  {said.why}\n  repair: {fault.repair}"

    # what the student can look at

    def console(self, gateway: str) -> Console:
        """Sit down at a gateway. Raises Misunderstood for a name that is none."""
        if gateway not in self._session.gateways:
            known = self._session.gateways
            raise Misunderstood(f"there is no gateway {gateway!r}; {instead(gateway, known)}")
        return self._session.console(gateway)

    def show(self, gateway: str, command: str) -> str:
        """Type a command at a gateway."""
        return self.console(gateway).show(command)

    def wait(self, time: str) -> str:
        """Let time pass."""
        try:
            seconds = duration(time)
        except ValueError as error:
            raise Misunderstood(str(error)) from None
        self._session.advance(seconds)
        return f"it is {self._session.now:.0f} s"

    def ping(self, source: str, target: str) -> str:
        """Let a host ping another four times."""
        hosts = [name for host in self._session.plan.hosts for name in (host.name, host.gateway)]
        for name in (source, target):
            if name not in hosts:
                raise Misunderstood(f"there is no host {name!r}; {instead(name, hosts)}")
        echoes = self._session.ping(source, target)
        lines = []
        for echo in echoes:
            trip = echo.round_trip
            lines.append("no answer" if trip is None else f"answer in {trip * 1000:.0f} ms")
        answered = sum(echo.answered is not None for echo in echoes)
        return "\n".join((*lines, f"{len(echoes)} sent, {answered} answered"))

    def clear(self, gateway: str) -> str:
        """Delete all SAs of a gateway."""
        self.console(gateway)
        self._session.do(clear=gateway)
        return f"{gateway}: all SAs are deleted"

    def commands(self, gateway: str) -> str:
        """List the commands that a device has here."""
        vendor = self.console(gateway).vendor
        return "\n".join(f"  {command}" for command in (*vendor.commands, *vendor.parametric))

    def wire(self, whole: bool = False) -> str:
        """Draw the messages on the line, as a capture shows them; many without their middle."""
        lines = self._session.ladder().splitlines()
        left = len(lines) - FIRST - LAST
        if whole or left <= 1:
            return "\n".join(lines)
        between = f"{'...':>10}  and {left} lines more; `wire all` draws them"
        return "\n".join([*lines[:FIRST], between, *lines[-LAST:]])

    # what the student can answer

    def diagnose(self, fault: str, gateway: str = "") -> str:
        """Note a diagnosis and say whether it is right."""
        guess = self._answer(fault, gateway)
        self.progress.diagnoses.append(guess)
        best = max(judged(answer, (guess,))[0] for answer in self.paper.answers)
        if best == FOUND:
            return "that is right"
        self.progress.wrong += 1
        return "the fault is right, the end is not" if best > FOUND / 2 else "that is not it"

    def repair(self, fault: str, gateway: str = "") -> str:
        """Mend what the student says is broken; a run of its own shows whether that was all."""
        guess = self._answer(fault, gateway)
        answers = [answer for answer in self.paper.answers if answer.fault == guess.fault]
        if not answers or (answers[0].at and guess.at != answers[0].at):
            self.progress.wrong += 1
            return "you look, and nothing is wrong there"
        if guess.fault in self.progress.repaired:
            return "that is mended already"
        self._session.repair(guess.fault)
        self.progress.repaired.append(guess.fault)
        for name in self._session.gateways:
            self._session.do(clear=name)
        if works(self._alone(*self._left())):
            return "that is mended; try the tunnel, and say `done`"
        return "that is mended, and something else is still wrong"

    def hint(self) -> str:
        """Give the next hint, for a price."""
        hints = [text for answer in self.paper.answers for text in _hints(answer)]
        if self.progress.hints >= len(hints):
            return "there are no more hints"
        self.progress.hints += 1
        return hints[self.progress.hints - 1]

    def _left(self) -> tuple[FaultUse, ...]:
        faults = self.paper.scenario.faults
        return tuple(use for use in faults if use.name not in self.progress.repaired)

    def _alone(self, *faults: FaultUse) -> Record:
        """Run the scenario from the start with these faults only."""
        scenario = self.paper.scenario.model_copy(update={"faults": faults})
        return play(compile_scenario(scenario), SimRuntime())

    def _answer(self, fault: str, gateway: str) -> Answer:
        """Read `psk-mismatch branch`. Raises Misunderstood for a fault or gateway that is none."""
        if fault not in CATALOGUE:
            raise Misunderstood(f"there is no fault {fault!r}; {instead(fault, CATALOGUE)}")
        if gateway:
            self.console(gateway)
        return Answer(fault, gateway)

    def _works_now(self) -> bool:
        """Ping both ways until all is answered; a tunnel is given a while to come up."""
        source, target = self.paper.scenario.tunnels[0].between
        for _ in range(_TRIES):
            both = (*self._session.ping(source, target), *self._session.ping(target, source))
            if all(echo.answered is not None for echo in both):
                return True
        return False


def _hints(answer: Answer) -> Iterable[str]:
    """Give what is known of a fault, from the general to the particular."""
    fault = CATALOGUE[answer.fault]
    yield f"look at {fault.theme.value}"
    yield from (f"a sign of it: {sign}" for sign in fault.signs[:1])
    if answer.at:
        yield f"it is at {answer.at}"
