from gwsim.gateway.commands import Clear, Reboot, Rekey


def test_what_an_operator_leaves_out_is_the_widest_and_quickest():
    assert Clear() == Clear("all", "")
    assert Reboot() == Reboot(0.0)
    assert Rekey("branch").phase == 2
