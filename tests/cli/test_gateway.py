"""`gwsim gateway --check`: what a configuration comes to, without becoming a gateway."""

import pytest

from tests.lab.standalone.texts import ASA, OURS


@pytest.fixture
def device(tmp_path):
    path = tmp_path / "hq.txt"
    path.write_text(ASA)
    return path


def test_a_summary_and_what_was_not_used(gwsim, device, monkeypatch):
    monkeypatch.setenv("GWSIM_PSK", "x")
    done = gwsim("gateway", "--config", str(device), "--check")
    assert done.exit_code == 0
    assert done.stdout == (
        "hq: Cisco ASA at 198.51.100.1, behind it 10.1.0.0/24\n"
        "  peer 203.0.113.1, main mode: 10.1.0.0/24 -> 10.2.0.0/24\n"
    )
    assert "hq.txt:18: crypto map outside_map 1 set reverse-route: not known here" in done.stderr
    assert "2 lines on other matters were passed over" in done.stderr


def test_a_device_without_ike_is_told(gwsim, device, monkeypatch):
    monkeypatch.setenv("GWSIM_PSK", "x")
    device.write_text(ASA.replace("crypto ikev1 enable outside\n", ""))
    assert "IKE is not enabled" in gwsim("gateway", "-c", str(device), "--check").stdout


def test_a_missing_key_ends_it_with_the_remedy(gwsim, device):
    done = gwsim("gateway", "-c", str(device))
    assert done.exit_code == 2
    assert "set GWSIM_PSK" in done.stderr


def test_mistakes_in_yaml_are_told_as_of_a_scenario(gwsim, tmp_path):
    path = tmp_path / "hq.yaml"
    path.write_text(OURS.replace("hash: sha1", "hash: sha3"))
    done = gwsim("gateway", "-c", str(path), "--check")
    assert done.exit_code == 2
    assert "hq.yaml:6:" in done.stderr
