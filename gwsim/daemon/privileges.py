"""What a node may still do once it runs.

It keeps NET_ADMIN (routes and rules of its TUN devices, which change with its configuration and
are taken away at the end), NET_RAW and NET_BIND_SERVICE (an outside address that changes needs its
sockets anew). Everything else is given up, and cannot be got back by running another program.
"""

import ctypes
import os

_NET_BIND_SERVICE = 10
_NET_ADMIN = 12
_NET_RAW = 13
_KEPT = 1 << _NET_BIND_SERVICE | 1 << _NET_ADMIN | 1 << _NET_RAW
_VERSION_3 = 0x20080522
_PR_SET_NO_NEW_PRIVS = 38


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def drop_privileges() -> None:
    """Keep three capabilities of those there are, and nothing else; raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = _Header(_VERSION_3, 0)
    data = (_Data * 2)()
    _require(libc.capget(ctypes.byref(header), data))
    data[0] = _Data(data[0].effective & _KEPT, data[0].permitted & _KEPT, 0)
    data[1] = _Data(0, 0, 0)
    _require(libc.capset(ctypes.byref(header), data))
    _require(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))


def _require(result: int) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
