"""System calls for namespaces, and what to tell people who may not use them."""

import ctypes
import errno
import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gwsim.lab.runtimes.failure import RuntimeFailure

CLONE_NEWNS = 0x00020000
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000

TUN = Path("/dev/net/tun")

_MS_REC = 0x4000
_MS_PRIVATE = 0x40000
_PR_SET_PDEATHSIG = 1


class NamespaceError(RuntimeFailure):
    """Namespaces cannot be had here; the text says why and what to do."""


def require_tun() -> None:
    """Raise NamespaceError unless TUN devices can be made."""
    if not TUN.exists():
        raise NamespaceError(
            f"{TUN} is missing: load the module with `modprobe tun` as root,"
            " or in a container add `--device /dev/net/tun`"
        )
    if not os.access(TUN, os.R_OK | os.W_OK):
        raise NamespaceError(f"{TUN} may not be opened: `chmod 0666 {TUN}` as root allows it")


def become_capable() -> None:
    """Get the right to make network namespaces: as root as it is, else in a user namespace.

    The process must have one thread. Raises NamespaceError.
    """
    if os.geteuid() == 0 and _unshared(CLONE_NEWNET):
        return
    uid, gid = os.geteuid(), os.getegid()
    try:
        unshare(CLONE_NEWUSER)
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"0 {uid} 1")
        _write("/proc/self/gid_map", f"0 {gid} 1")
        unshare(CLONE_NEWNET)
    except OSError as error:
        raise NamespaceError(_forbidden(error)) from None


def _unshared(flags: int) -> bool:
    try:
        unshare(flags)
    except PermissionError:
        return False
    return True


def _forbidden(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "no more namespaces are allowed here: see `sysctl user` for user.max_*_namespaces"
    return (
        f"this machine does not let ordinary users make namespaces ({error.strerror}). Run gwsim"
        " as root, or allow it: `sysctl kernel.unprivileged_userns_clone=1` on Debian,"
        " `sysctl kernel.apparmor_restrict_unprivileged_userns=0` on Ubuntu;"
        " in a container use --runtime sim"
    )


def new_network() -> int:
    """Make a network namespace, go there and give a descriptor that holds it open."""
    unshare(CLONE_NEWNET)
    return os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def processes_in(networks: Iterable[int]) -> list[int]:
    """List the processes that are in network namespaces, as far as this one may know."""
    wanted = {(found.st_dev, found.st_ino) for found in map(os.fstat, networks)}
    processes = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            own = (path / "ns" / "net").stat()
            if (own.st_dev, own.st_ino) in wanted:
                processes.append(int(path.name))
    return processes


@contextmanager
def elsewhere() -> Iterator[None]:
    """Go into other network namespaces and be back in this one in the end."""
    home = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield
    finally:
        setns(home, CLONE_NEWNET)
        os.close(home)


def own_view() -> None:
    """See the interfaces of this process's network namespace under /sys, where that is allowed."""
    with suppress(OSError):
        unshare(CLONE_NEWNS)
        _mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE)
        _mount(b"sysfs", b"/sys", b"sysfs", 0)


def die_with(parent: int, number: int = signal.SIGKILL) -> None:
    """Be killed, or get another signal, when the parent process ends, whatever ends it."""
    _check(_libc().prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0))
    if os.getppid() != parent:
        os._exit(1)


def enter(process: int, network: str) -> None:
    """Go into a network namespace: that of another process (`ns/net`) or one that it holds open.

    Raises NamespaceError.
    """
    try:
        user = f"/proc/{process}/ns/user"
        if Path(user).stat().st_ino != Path("/proc/self/ns/user").stat().st_ino:
            _join(user, CLONE_NEWUSER)
        _join(f"/proc/{process}/{network}", CLONE_NEWNET)
    except OSError as error:
        raise NamespaceError(f"cannot enter the lab: {error.strerror}") from None
    own_view()


def _join(path: str, flags: int) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        setns(descriptor, flags)
    finally:
        os.close(descriptor)


def unshare(flags: int) -> None:
    """Leave namespaces for new ones of one's own; raises OSError."""
    _check(_libc().unshare(flags))


def setns(descriptor: int, flags: int) -> None:
    """Go into the namespace a descriptor stands for; raises OSError."""
    _check(_libc().setns(descriptor, flags))


def _mount(source: bytes, target: bytes, kind: bytes | None, flags: int) -> None:
    _check(_libc().mount(source, target, kind, ctypes.c_ulong(flags), None))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _check(result: int) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _write(path: str, text: str) -> None:
    Path(path).write_text(text, encoding="ascii")
