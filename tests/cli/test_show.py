"""`gwsim show` prints what the device would print, at any moment."""

import json

from gwsim.lab.new import new_scenario


def test_at_the_end_the_tunnel_is_up(gwsim, scenario):
    result = gwsim("show", "hq", "show crypto isakmp sa", "--scenario", scenario)
    assert result.exit_code == 0
    assert "State   : MM_ACTIVE" in result.output


def test_before_the_first_packet_there_is_nothing(gwsim, scenario):
    result = gwsim("show", "hq", "show crypto isakmp sa", "-s", scenario, "--at", "500ms")
    assert "There are no IKEv1 SAs" in result.output


def test_a_moment_beyond_the_end_is_reached(gwsim, scenario):
    result = gwsim("show", "hq", "show crypto isakmp sa", "-s", scenario, "--at", "2h", "--json")
    assert json.loads(result.output)["at"] == 7200.0


def test_abbreviations_are_understood_as_on_the_device(gwsim, scenario):
    whole = gwsim("show", "hq", "show crypto isakmp sa", "-s", scenario).output
    assert gwsim("show", "hq", "sh cry isa sa", "-s", scenario).output == whole


def test_the_log_is_a_command_like_any_other(gwsim, scenario):
    assert "PHASE 1 COMPLETED" in gwsim("show", "hq", "show logging", "-s", scenario).output


def test_json_holds_screen_and_moment(gwsim, scenario):
    result = gwsim("show", "branch", "show logging", "-s", scenario, "--json", "--at", "3s")
    entry = json.loads(result.output)
    assert (entry["gateway"], entry["vendor"], entry["at"]) == ("branch", "asa", 3.0)
    assert "PHASE 2 COMPLETED" in entry["screen"]


def test_an_unknown_gateway_is_2_with_the_nearest(gwsim, scenario):
    result = gwsim("show", "branhc", "show logging", "-s", scenario)
    assert result.exit_code == 2
    assert "did you mean 'branch'?" in result.output


def test_an_unknown_command_is_2_with_the_nearest_and_all_there_are(gwsim, scenario):
    result = gwsim("show", "hq", "show crypto isakmp sar", "-s", scenario)
    assert result.exit_code == 2
    assert "did you mean 'show crypto isakmp sa'?" in result.output
    assert "\n  show logging\n" in result.output


def test_a_question_mark_lists_what_may_follow(gwsim, scenario):
    """People of this trade type one before anything else."""
    whole = gwsim("show", "hq", "?", "-s", scenario)
    assert whole.exit_code == 0
    assert "  show crypto isakmp sa\n" in whole.output and "  show logging\n" in whole.output
    for typed in ("sh cry ?", "sh cry i?"):
        some = gwsim("show", "hq", typed, "-s", scenario)
        assert some.exit_code == 0
        assert "  show crypto ipsec sa peer <address>\n" in some.output
        assert "show logging" not in some.output
    assert gwsim("show", "hq", "sh bgp ?", "-s", scenario).exit_code == 2


def test_half_a_command_is_2_with_what_it_could_be(gwsim, scenario):
    result = gwsim("show", "hq", "show crypto", "-s", scenario)
    assert result.exit_code == 2
    assert "\n  show crypto isakmp sa\n" in result.output


def test_a_vendor_of_which_only_the_wire_is_known_shows_nothing_and_says_so(gwsim, tmp_path):
    file = tmp_path / "lab.yaml"
    file.write_text(new_scenario("lab", "contivity", "asa"))
    result = gwsim("show", "hq", "show ike sa", "-s", file)
    assert result.exit_code == 2
    assert result.output.count("\n") == 1
    assert "gwsim knows Contivity's behaviour on the wire, not its screens" in result.output
    assert gwsim("run", file).exit_code == 0


def test_a_moment_that_is_none_is_2(gwsim, scenario):
    result = gwsim("show", "hq", "show logging", "-s", scenario, "--at", "noon")
    assert result.exit_code == 2
    assert "'noon' is not a duration" in result.output
