from gwsim.gateway.outputs import EspOut, UdpOut


def test_esp_is_labelled_as_such_and_may_be_cut_unless_said_otherwise():
    assert EspOut("192.0.2.1", "192.0.2.2", b"").label == "esp"
    assert not EspOut("192.0.2.1", "192.0.2.2", b"").dont_fragment
    assert not UdpOut(("192.0.2.1", 500), ("192.0.2.2", 500), b"", "main-1").dont_fragment
