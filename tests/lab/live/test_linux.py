"""Who may not make namespaces is told why, and what to do about it."""

import errno
import os

import pytest

from gwsim.lab.live import linux
from gwsim.lab.live.linux import NamespaceError, become_capable, require_tun


@pytest.fixture
def refused(monkeypatch):
    """A kernel that refuses with an error number, to user 1000 or to root."""

    def refuse(number, user=1000):
        def unshare(_flags):
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(linux, "unshare", unshare)
        monkeypatch.setattr(os, "geteuid", lambda: user)

    return refuse


@pytest.mark.parametrize("user", [0, 1000])
def test_forbidden_namespaces_come_with_their_remedy(refused, user):
    refused(errno.EPERM, user)
    with pytest.raises(NamespaceError, match=r"root.*unprivileged_userns_clone=1.*--runtime sim"):
        become_capable()


def test_exhausted_namespaces_are_told_apart(refused):
    refused(errno.ENOSPC)
    with pytest.raises(NamespaceError, match=r"no more namespaces.*user\.max_"):
        become_capable()


def test_a_missing_device_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(linux, "TUN", tmp_path / "tun")
    with pytest.raises(NamespaceError, match=r"is missing.*modprobe tun.*--device"):
        require_tun()
