"""Whether an engine is there is found out at its socket alone."""

import socket
import subprocess
import sys

import pytest

from gwsim.lab.live.knock import knock


def test_nobody_is_at_a_socket_that_is_not_there(monkeypatch, tmp_path):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    with pytest.raises(FileNotFoundError):
        knock()


def test_nobody_is_at_a_socket_where_nobody_listens(monkeypatch, tmp_path):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/dead.sock")
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(f"{tmp_path}/dead.sock")
        with pytest.raises(ConnectionRefusedError):
            knock()


def test_somebody_who_listens_is_there(monkeypatch, tmp_path):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/own.sock")
    with socket.socket(socket.AF_UNIX) as heard:
        heard.bind(f"{tmp_path}/own.sock")
        heard.listen()
        knock()
        heard.settimeout(5)
        heard.accept()[0].close()


def test_an_engine_elsewhere_is_not_asked_yet(monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "tcp://203.0.113.1:2375")
    knock()


def test_without_an_engine_the_list_of_labs_needs_no_library_of_one(monkeypatch, tmp_path):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    code = "import sys; from gwsim.cli.engine import labs; print(labs(), 'docker' in sys.modules)"
    done = subprocess.run(
        (sys.executable, "-c", code), capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout == "[] False\n"
