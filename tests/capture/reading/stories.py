"""Captures of scenarios that come with gwsim, and the outlines read out of them."""

import io
from functools import cache

from gwsim.capture.reading.outline import read_outline
from gwsim.capture.reading.unsealing import parse_table
from gwsim.capture.wanted import Wanted
from gwsim.lab.captures import capture_files
from gwsim.lab.load import load_scenario, prepare
from gwsim.lab.runner import play
from gwsim.lab.runtimes.sim import SimRuntime
from tests.netns.conftest import SCENARIOS


@cache
def record_of(story):
    """The record of a story, with everything for captures."""
    plan = prepare(load_scenario(SCENARIOS / f"{story}.yaml"))[1]
    return play(plan, SimRuntime(Wanted(True, True)))


@cache
def capture_of(story, tap):
    """What a tap saw in a story, as a file: `hq-outside`."""
    files = {file.name: file.content for file in capture_files(record_of(story), story)}
    return files[f"{tap}.pcapng"]


@cache
def keys_of(story):
    """The keys of a story, read out of the table."""
    files = {file.name: file.content for file in capture_files(record_of(story), story)}
    return parse_table(files["wireshark/ikev1_decryption_table"].decode())


def read_with(data, keys=None, **options):
    """The outline of a file."""
    return read_outline(io.BytesIO(data), keys, **options)


def outline_of(story, tap="hq-outside", keys=False):
    """The outline of what a tap saw in a story, decrypted if wanted."""
    return read_with(capture_of(story, tap), keys_of(story) if keys else None)


def dialogue_of(story, tap="hq-outside", keys=False):
    """The only dialogue of an outline."""
    [dialogue] = outline_of(story, tap, keys).dialogues
    return dialogue
