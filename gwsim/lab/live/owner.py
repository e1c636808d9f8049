"""Which process something belongs to, told so that one can find out later whether it still lives.

A process ID means something only in its own PID namespace, and until the next boot.
"""

import os
from contextlib import suppress
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_SPACE = Path("/proc/self/ns/pid")


def signature() -> str:
    """Sign as this process."""
    return f"{_here()}/{os.getpid()}"


def is_gone(signed: str) -> bool:
    """Say whether the process that signed is gone for sure; one of elsewhere may well live."""
    here, _, process = signed.rpartition("/")
    if here != _here() or not process.isdigit():
        return False
    return not Path("/proc", process).exists()


def _here() -> str:
    with suppress(OSError):
        return f"{_BOOT.read_text(encoding='ascii').strip()}/{_SPACE.stat().st_ino}"
    return ""
