from gwsim.esp.drops import Drop


def test_every_reason_has_a_name_of_its_own_fit_for_a_counter():
    names = [drop.value for drop in Drop]
    assert len(set(names)) == len(names)
    assert all(name == name.lower() and " " not in name for name in names)
