"""A whole page from a judged run: everything is computed here, the template only sets it."""

import shlex
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from gwsim import __version__
from gwsim.lab.expect.evidence import Evidence, Witness
from gwsim.lab.faults.catalogue import CATALOGUE, parameters_of, spans
from gwsim.lab.faults.deltas import gateway_of
from gwsim.lab.faults.fault import At
from gwsim.lab.history import Stay
from gwsim.lab.html.agreed import weak_in
from gwsim.lab.html.arrows import rungs
from gwsim.lab.html.bands import axis, timeline
from gwsim.lab.html.course import course, stops
from gwsim.lab.html.moments import key_moment, shown_moments
from gwsim.lab.html.screens import Log, Screen, changed, log, said_last, screens
from gwsim.lab.html.standing import standing
from gwsim.lab.html.topology import told_of, topology
from gwsim.lab.load import Loaded
from gwsim.lab.messages import ladder_of, trace_of
from gwsim.lab.outcomes import outcomes
from gwsim.lab.runner import Run
from gwsim.lab.runtimes.registry import SIM
from gwsim.lab.scenario import Scenario
from gwsim.lab.verdict import Verdict
from gwsim.vendors.registry import VENDORS


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that belongs to a run: how the page calls it, and where it is, seen from the page."""

    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A fault of the scenario: what the catalogue says, where it is, and what its witness saw."""

    name: str
    title: str
    where: str
    when: str
    cause: str
    repair: str
    bit: bool
    ok: bool
    proof: str
    line: int


@dataclass(frozen=True, slots=True)
class Proof:
    """An expectation with its evidence; `line` is where the scenario says it, 0 for nowhere."""

    met: bool
    line: int
    gateway: str
    expected: str
    seen: str
    at: float


@dataclass(frozen=True, slots=True)
class Shown:
    """The screens of one gateway at a moment, with the prompt behind which commands are typed.

    `unseen` says of a vendor without screens that none are known.
    """

    gateway: str
    vendor: str
    prompt: str
    screens: tuple[Screen, ...]
    unseen: str


@dataclass(frozen=True, slots=True)
class Moment:
    """The screens of all gateways at a moment."""

    at: float
    gateways: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Logged:
    """The log of one gateway, debug lines apart; `unseen` as with screens."""

    gateway: str
    vendor: str
    ordinary: Log
    debug: Log
    unseen: str


def page(
    loaded: Loaded,
    run: Run,
    twin: Verdict | None,
    runtime: str = SIM,
    attached: Sequence[Attached] = (),
) -> str:
    """Write the page of a run; `twin` is the verdict on the same without its faults.

    The same run gives the same page, whenever it is written.
    """
    evidence = Evidence(run.record, VENDORS)
    witnesses = [evidence.of(gateway.name) for gateway in run.record.gateways]
    stays: list[Stay] = [stay for witness in witnesses for stay in witness.stays]
    key = key_moment(run.scenario, run.plan, stays)
    turns = course(run.record, trace_of(run.record))
    return render(
        "page.html",
        verdict=run.verdict,
        scenario=run.scenario,
        plan=run.plan,
        outcomes=outcomes(run.scenario, evidence),
        weak=weak_in(event for gateway in run.record.gateways for event in gateway.events),
        broken=_broken(loaded, run),
        twin=twin,
        key=key,
        standings=[standing(witness, run.record, key) for witness in witnesses],
        latest=[said_last(witness, key) for witness in witnesses],
        turns=turns,
        stops=stops(turns),
        topology=topology(run.scenario, run.plan),
        ladder=rungs(ladder_of(run.record)),
        timelines=[timeline(witness, run.record) for witness in witnesses],
        axis=axis(run.record.duration),
        shows=_shows(run, witnesses, key),
        logs=_logs(witnesses),
        proofs=_proofs(loaded, run),
        source=loaded.source.text.splitlines(),
        command=command(run.verdict.file, run.plan.seed, runtime),
        runtime=runtime,
        attached=attached,
    )


def error_page(verdict: Verdict, runtime: str = SIM) -> str:
    """Write the page of a run that broke off."""
    reproduce = command(verdict.file, verdict.seed, runtime)
    return render("error.html", verdict=verdict, command=reproduce)


def command(file: str, seed: int, runtime: str) -> str:
    """Give the command that runs a scenario again, ready for a shell."""
    words = ["gwsim", "run", file, "--seed", str(seed)]
    return shlex.join(words if runtime == SIM else [*words, "--runtime", runtime])


def _broken(loaded: Loaded, run: Run) -> list[Broken]:
    scenario = run.scenario
    told = zip(scenario.faults, spans(scenario), run.verdict.bites, strict=True)
    found = []
    for index, (use, span, bite) in enumerate(told):
        fault = CATALOGUE[use.name]
        until = "" if span.end > run.plan.duration else f" until {span.end:g} s"
        since = f"from {span.start:g} s" if span.start else ("from the start" if until else "")
        found.append(
            Broken(
                name=use.name,
                title=fault.title,
                where=_where(scenario, index),
                when=since + until,
                cause=fault.cause,
                repair=fault.repair,
                bit=bite.bit,
                ok=bite.ok,
                proof=bite.words,
                line=loaded.line(("faults", index)),
            )
        )
    return found


def _where(scenario: Scenario, index: int) -> str:
    use = scenario.faults[index]
    parameters = parameters_of(use)
    if isinstance(parameters, At):
        return f"at {gateway_of(scenario, parameters)}"
    return told_of(use)


def _shows(run: Run, witnesses: Sequence[Witness], key: float) -> list[Moment]:
    """Give the screens of all gateways at each moment; after the first, what has changed."""
    first = {witness.gateway.name: screens(witness, run.scenario, key) for witness in witnesses}

    def shown(witness: Witness, moment: float) -> Shown:
        found = first[witness.gateway.name]
        if moment != key:
            found = changed(screens(witness, run.scenario, moment), found)
        prompt = witness.vendor.prompt(witness.gateway.snapshot(moment))
        vendor = witness.vendor
        return Shown(witness.gateway.name, vendor.title, prompt, found, vendor.unseen)

    moments = shown_moments(run.scenario, run.plan, key)
    return [Moment(at, tuple(shown(witness, at) for witness in witnesses)) for at in moments]


def _logs(witnesses: Sequence[Witness]) -> list[Logged]:
    return [
        Logged(
            w.gateway.name,
            w.vendor.title,
            log(w, debug=False),
            log(w, debug=True),
            w.vendor.unseen,
        )
        for w in witnesses
    ]


def _proofs(loaded: Loaded, run: Run) -> list[Proof]:
    return [
        Proof(
            met=judged.met,
            line=loaded.line(judged.where) if judged.where else 0,
            gateway=judged.gateway,
            expected=judged.expected,
            seen=judged.seen,
            at=judged.at,
        )
        for judged in run.judgements
    ]


def _common() -> dict[str, object]:
    style = _style()
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return {"version": __version__, "style": style, "style_digest": f"sha256-{digest}"}


@cache
def _style() -> Markup:
    """Give the style sheet, which is ours and holds no text of anybody else."""
    folder = files("gwsim.lab.html") / "templates"
    return Markup((folder / "style.css").read_text(encoding="utf-8"))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("gwsim.lab.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["seconds"] = lambda moment: f"{moment:.3f}"
    return environment


def render(template: str, **values: object) -> str:
    """Set values into one of the templates, in the frame all pages share."""
    written: str = _environment().get_template(template).render(**_common(), **values)
    return written
