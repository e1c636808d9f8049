from tests.esp.planes import parameters


def test_keymat_does_not_show_in_a_log():
    made = parameters()
    assert "keymat" not in repr(made)
    assert made.keymat.hex() not in repr(made)


def test_unless_said_otherwise_an_sa_has_the_default_window_and_no_volume_lifetime():
    made = parameters()
    assert (made.replay_window, made.esn, made.kilobytes) == (64, False, None)
