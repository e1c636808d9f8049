"""How a NAT with a helper guesses whom ESP from outside is for."""

import pytest

from gwsim.path import esp_passage as module
from gwsim.path.config import Nat
from gwsim.path.esp_passage import EspPassage

HQ = "198.51.100.1"
PC = "10.9.0.2"
PHONE = "10.9.0.3"


def passage(**nat):
    return EspPassage(Nat("203.0.113.1", esp_helper=True, **nat))


def test_an_unknown_spi_is_an_answer_to_who_sent_last():
    esp = passage()
    assert esp.inward(HQ, 0x1111, 0.0) is None
    esp.outward(PC, HQ, 0.0)
    assert esp.inward(HQ, 0x1111, 1.0) == PC


def test_a_known_spi_stays_with_its_host_when_another_one_sends():
    esp = passage()
    esp.outward(PC, HQ, 0.0)
    esp.inward(HQ, 0x1111, 1.0)
    esp.outward(PHONE, HQ, 2.0)
    assert esp.inward(HQ, 0x1111, 3.0) == PC
    assert esp.inward(HQ, 0x2222, 3.0) == PHONE


def test_peers_are_told_apart():
    esp = passage()
    esp.outward(PC, HQ, 0.0)
    esp.outward(PHONE, "198.51.100.99", 1.0)
    assert esp.inward(HQ, 0x1111, 2.0) == PC
    assert esp.last_sender("198.18.0.77", 2.0) is None


def test_silence_ends_it():
    esp = passage(udp_timeout=30.0)
    esp.outward(PC, HQ, 0.0)
    assert esp.inward(HQ, 0x1111, 30.0) is None


@pytest.mark.parametrize(("refreshes", "inside"), [(True, PC), (False, None)])
def test_answers_keep_it_alive_where_the_nat_says_so(refreshes, inside):
    esp = passage(udp_timeout=30.0, inbound_refreshes=refreshes)
    esp.outward(PC, HQ, 0.0)
    esp.inward(HQ, 0x1111, 20.0)
    assert esp.inward(HQ, 0x1111, 45.0) == inside


def test_forgetting_loses_hosts_and_spis():
    esp = passage()
    esp.outward(PC, HQ, 0.0)
    esp.inward(HQ, 0x1111, 0.0)
    esp.forget()
    assert esp.inward(HQ, 0x1111, 0.0) is None


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(module, "MAX_SPIS", 2)
    esp = passage()
    for host in ("10.9.0.1", "10.9.0.2", "10.9.0.3"):
        esp.outward(host, host.replace("10.9.0", "192.0.2"), 0.0)
    assert esp.last_sender("198.18.0.1", 0.0) is None
    esp.outward(PC, HQ, 0.0)
    for spi in (1, 2, 3):
        esp.inward(HQ, spi, 0.0)
    esp.outward(PHONE, HQ, 1.0)
    assert [esp.inward(HQ, spi, 1.0) for spi in (3, 1)] == [PC, PHONE]
