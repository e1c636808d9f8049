"""A TUN device: packets the kernel routes to it are read, packets written to it are routed."""

import contextlib
import fcntl
import os
from pathlib import Path
from struct import Struct

_TUNSETIFF = 0x400454CA
_IFF_TUN = 0x0001
_IFF_NAPI = 0x0010
_IFF_NO_PI = 0x1000
_IFF_VNET_HDR = 0x4000
_REQUEST = Struct("16sH22x")
_FLUSH_NANOSECONDS = "100000"

LONGEST_NAME = 15
"""Octets a name of an interface may have."""


class TunError(RuntimeError):
    """There can be no TUN device here; the text says why and what to do."""


class Tun:
    """One device, non-blocking; it is gone when it is closed or its process ends.

    The kernel joins TCP segments written one after the other where it lets us say how long it may
    wait for the next one (as root), which nearly doubles what a tunnel carries. Where packets are
    `headed`, a virtio_net_hdr comes before each, in both directions, and segments that have been
    joined already can be written.
    """

    def __init__(self, name: str, headed: bool = False) -> None:
        if len(name.encode()) > LONGEST_NAME:
            raise TunError(f"an interface name has at most {LONGEST_NAME} octets: {name}")
        self.name = name
        try:
            self._descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        except OSError as error:
            raise TunError(
                f"cannot open /dev/net/tun: {error.strerror}. In a container give it"
                " `--device /dev/net/tun`; elsewhere load the module `tun`"
            ) from None
        flags = _IFF_TUN | _IFF_NO_PI | _IFF_NAPI | (_IFF_VNET_HDR if headed else 0)
        request = _REQUEST.pack(name.encode(), flags)
        try:
            fcntl.ioctl(self._descriptor, _TUNSETIFF, request)
        except OSError as error:
            os.close(self._descriptor)
            raise TunError(
                f"cannot make the TUN device {name}: {error.strerror}."
                " It takes the capability NET_ADMIN, and a name nobody else uses"
            ) from None
        with contextlib.suppress(OSError):
            flush = Path(f"/sys/class/net/{name}/gro_flush_timeout")
            flush.write_text(_FLUSH_NANOSECONDS, encoding="ascii")

    def fileno(self) -> int:
        """The descriptor to wait on, to read packets from and to write them to."""
        return self._descriptor

    def close(self) -> None:
        """Take the device away."""
        os.close(self._descriptor)
