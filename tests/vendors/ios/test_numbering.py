"""Connection ids are counted from the last reboot."""

from gwsim.gateway.commands import Reboot
from gwsim.vendors.ios.numbering import FIRST, Numbering
from tests.vendors.ios.pair import Pair


def test_an_sa_has_number_0_until_it_has_keys():
    pair = Pair(lost=lambda output, sender: sender == "branch").ping(5.0)
    number = pair.view("hq").snapshot.ike.sas[0].number
    assert Numbering(pair.events["hq"]).isakmp(number) == 0


def test_numbers_are_given_in_the_order_of_keys():
    pair = Pair().ping(1.0).run(3590.0)
    view = pair.view("hq")
    numbers = Numbering(view.events)
    assert numbers.isakmp(view.snapshot.ike.sas[0].number) == FIRST
    spis = [p.negotiated.inbound_spi for p in view.snapshot.ipsec]
    assert [numbers.inbound(spi) for spi in spis] == [3]
    assert [numbers.outbound(spi) for spi in spis] == [4]
    assert (numbers.inbound(1), numbers.outbound(1)) == (0, 0)


def test_a_reboot_begins_anew():
    pair = Pair().ping(1.0).order("hq", Reboot()).run(2.0).ping(5.0)
    view = pair.view("hq")
    assert [Numbering(view.events).isakmp(sa.number) for sa in view.snapshot.ike.sas] == [FIRST]
