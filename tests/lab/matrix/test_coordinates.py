"""The cells of the matrix come from the registries: nothing is listed by hand."""

import pytest

from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.faults.stage import Where
from gwsim.lab.matrix.coordinates import HEALTHY, Coordinates, every, places
from gwsim.lab.matrix.setting import SETTINGS
from gwsim.vendors.registry import VENDORS


def test_every_fault_setting_and_pair_of_vendors_has_cells():
    cells = list(every())
    assert {cell.fault for cell in cells} == {HEALTHY, *CATALOGUE}
    assert {cell.setting for cell in cells} == set(SETTINGS)
    assert {cell.pair for cell in cells} == {(one, two) for one in VENDORS for two in VENDORS}
    assert len(set(cells)) == len(cells)


def test_a_choice_leaves_out_the_rest():
    cells = list(every(["psk-mismatch"], ["asa"], ["main"]))
    assert [cell.where for cell in cells] == [Where.INITIATOR, Where.RESPONDER]
    assert all(cell.pair == ("asa", "asa") for cell in cells)


def test_where_a_fault_can_sit_follows_from_what_it_can_be_told():
    def seats(name: str) -> tuple[Where, ...]:
        return places(CATALOGUE[name], CATALOGUE[name].stages[0])

    assert seats("psk-mismatch") == (Where.INITIATOR, Where.RESPONDER)
    assert seats("udp-500-blocked") == (Where.BOTH, Where.INITIATOR, Where.RESPONDER)
    assert seats("answer-only-both") == (Where.BOTH,)
    assert seats("delete-lost") == (Where.INITIATOR, Where.RESPONDER)


def test_a_cell_knows_its_stage_and_its_name():
    cell = Coordinates("drop", "main-4", Where.BOTH, "main", "asa", "ios")
    assert cell.cause == "drop (main-4)"
    assert cell.stage.parameters == {"what": "main-4"}
    assert cell.vendor(Where.RESPONDER) == "ios"
    with pytest.raises(KeyError):
        _ = Coordinates("drop", "main-9", Where.BOTH, "main", "asa", "ios").stage
