"""How a container finds out what it is."""

import io
import stat

import pytest

from gwsim.lab.library import shipped
from gwsim.lab.live import training
from gwsim.lab.live.container import __main__ as start
from gwsim.lab.live.order import order_to_json
from gwsim.lab.live.orders import orders
from gwsim.lab.load import load_scenario, prepare
from gwsim.lab.runtimes.failure import RuntimeFailure

PLAN = prepare(load_scenario("scenarios/nat/udp-4500-blocked.yaml"))[1]


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setattr(start, "ORDER_FILE", str(tmp_path / "order.json"))
    return tmp_path / "order.json"


def hear(monkeypatch, order):
    monkeypatch.setattr("sys.stdin", io.StringIO(order_to_json(order) + "\n" if order else ""))


def order_of(secret):
    return next(one for one in orders(PLAN, "lab", 1.0, secret=secret) if one.node == "internet")


def test_what_it_is_told_is_kept_for_its_next_life(kept, monkeypatch):
    order = order_of(secret=False)
    hear(monkeypatch, order)
    assert start.order_of([]) == order
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    hear(monkeypatch, None)
    assert start.order_of([]) == order


def test_what_is_secret_is_in_no_file(kept, monkeypatch):
    """The rules of the internet are the hidden fault of an exam."""
    order = order_of(secret=True)
    hear(monkeypatch, order)
    assert start.order_of([]) == order
    assert not kept.exists()


def test_one_that_nobody_tells_anything_says_so(kept, monkeypatch):
    hear(monkeypatch, None)
    with pytest.raises(RuntimeFailure, match="nobody tells this container what it is"):
        start.order_of([])


def test_a_service_of_the_training_lab_makes_its_own_order(kept, monkeypatch):
    monkeypatch.setattr(training, "_FOLDER", shipped())
    assert start.order_of(["hq"]).node == "hq"
