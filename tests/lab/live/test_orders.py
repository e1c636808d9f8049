"""What a container is told is all there, and survives the way into it."""

from gwsim.daemon.nodefile import GatewayFile, InternetFile, node_from_json
from gwsim.lab.live.container.endpoint import EndpointContainer
from gwsim.lab.live.container.gateway import GatewayContainer
from gwsim.lab.live.container.kinds import container_of
from gwsim.lab.live.order import order_from_json, order_to_json
from gwsim.lab.live.orders import orders
from gwsim.lab.load import load_scenario, prepare

PLAN = prepare(load_scenario("scenarios/nat/udp-4500-blocked.yaml"))[1]


def by_node(**options):
    return {order.node: order for order in orders(PLAN, "lab", 2.0, **options)}


def test_every_node_has_an_order_that_comes_back_equal():
    told = by_node()
    assert set(told) == {"internet", "hq", "branch", "hq.server", "branch.pc"}
    for order in told.values():
        assert order_from_json(order_to_json(order)) == order


def test_gateways_and_the_internet_get_their_node_files_and_hosts_none():
    told = by_node()
    hq, internet = node_from_json(told["hq"].file), node_from_json(told["internet"].file)
    assert isinstance(hq, GatewayFile)
    assert hq.config == PLAN.gateways[0]
    assert isinstance(internet, InternetFile)
    assert internet.config == PLAN.path
    assert told["branch.pc"].file == ""


def test_interfaces_have_the_addresses_of_the_scenario_and_lead_to_the_next_node():
    told = by_node()
    branch = {port.name: port.addresses for port in told["branch"].ports}
    assert branch["outside"][0].startswith("192.168.1.2/")
    assert branch["inside"] == (f"{told['branch.pc'].default}/24",)
    assert told["branch.pc"].ports[0].addresses == ("10.2.0.10/24",)
    far = {port.addresses[0].partition("/")[0] for port in told["internet"].ports}
    assert {told["hq"].default, told["branch"].default} == far


def test_hosts_at_a_gateways_own_address_live_with_the_gateway():
    plan = prepare(load_scenario("scenarios/healthy/transport.yaml"))[1]
    told = {order.node: order for order in orders(plan, "lab", 2.0)}
    assert set(told) == {"internet", "hq", "branch"}
    assert told["hq"].itself == ("hq.itself",)
    assert told["internet"].itself == ()
    assert type(container_of(told["branch"])) is EndpointContainer
    assert type(container_of(by_node()["branch"])) is GatewayContainer


def test_only_those_who_start_together_wait_for_each_other():
    assert by_node()["internet"].gather == ()
    assert set(by_node(gather=True)["internet"].gather) == set(by_node())


def test_every_node_draws_random_numbers_of_its_own():
    files = (node_from_json(order.file) for order in by_node().values() if order.file)
    seeds = {file.timing.seed for file in files}
    assert seeds == {f"{PLAN.seed}/path", f"{PLAN.seed}/hq", f"{PLAN.seed}/branch"}
