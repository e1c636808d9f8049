"""Programs in containers of a lab, run from here: what they write, and that they end when we do.

An engine goes on running a program after whoever asked for it has gone, so it is told to end: a
capture by the end of its input, any other by a signal, found by a variable that it and all that it
starts have been given.
"""

import secrets
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from gwsim.cli.output import stop
from gwsim.cli.signals import ended_in_order

LIFELINE = "GWSIM_LIFELINE"
"""The variable that makes a capture end with its input: whoever asked from afar has hung up."""

CALL = "GWSIM_CALL"
"""The variable by which what was run for one call is found."""

_END = (
    'told() { for p in $(grep -lsz "^$0$" /proc/[0-9]*/environ); do p=${p#/proc/};'
    " kill -$1 ${p%/environ} 2>/dev/null; done; }; told HUP; sleep 0.5; told KILL"
)


def fetch(container: str, file: str, command: Sequence[str]) -> int:
    """Run a capture, and write to a file here what it writes ("" or "-": to standard output).

    Ctrl-C ends it in order: what it has seen until then arrives whole.
    """
    said = ("docker", "exec", "-i", "-e", f"{LIFELINE}=1", container, *command)
    # Its input is never written to: it is there to be closed in the end, whatever ends us. Ctrl-C
    # is not for the engine's client, which would leave without the rest.
    with (
        _output(file) as output,
        subprocess.Popen(said, stdin=subprocess.PIPE, stdout=output, process_group=0) as program,
    ):
        assert program.stdin is not None
        try:
            return program.wait()
        except KeyboardInterrupt:
            program.stdin.close()
            return program.wait()


def converse(container: str, command: Sequence[str]) -> int:
    """Run a program with our input and output; it ends by whatever signal ends us, too."""
    terminal = "-it" if sys.stdin.isatty() and sys.stdout.isatty() else "-i"
    mark = f"{CALL}={secrets.token_hex(8)}"
    said = ("docker", "exec", terminal, "-e", mark, container, *command)
    with ended_in_order():
        try:
            return subprocess.run(said, check=False).returncode
        except (KeyboardInterrupt, SystemExit):
            end = ("docker", "exec", container, "sh", "-c", _END, mark)
            subprocess.run(end, check=False, capture_output=True)
            raise


@contextmanager
def _output(file: str) -> Iterator[IO[bytes] | None]:
    """Open a file of this machine to be written; None stands for standard output."""
    if file in ("", "-"):
        yield None
        return
    try:
        with Path(file).open("wb") as opened:
            yield opened
    except OSError as error:
        stop(f"{file}: cannot be written: {error.strerror}")
