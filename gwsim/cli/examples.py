"""What the help of each command shows at its end, without the word `gwsim`."""

EXAMPLES: dict[str, tuple[str, ...]] = {
    "run": (
        "run scenarios/phase1/psk-mismatch.yaml",
        "run scenarios -j 2 --junit junit.xml --report out",
        "run scenarios/healthy --runtime netns",
    ),
    "validate": ("validate my.yaml", "validate scenarios --json"),
    "show": (
        'show hq "show crypto isakmp sa" -s scenarios/phase1/psk-mismatch.yaml --at 15s',
        'show branch "get ike cookies"',
    ),
    "trace": ("trace scenarios/nat/udp-4500-blocked.yaml",),
    "ladder": ("ladder customer.pcap", "ladder customer.pcap --peer 203.0.113.1 --diagnose"),
    "explain": (
        "explain MM_WAIT_MSG6",
        "explain NO-PROPOSAL-CHOSEN",
        'explain "preshared keys might not match"',
    ),
    "faults": ("faults", "faults psk-mismatch"),
    "matrix": (
        "matrix --fault psk-mismatch --vendors asa,screenos",
        "matrix --format html --output matrix.html",
    ),
    "diagnose": (
        "diagnose --initiator asa --responder screenos --state MM_WAIT_MSG6",
        "diagnose --responder asa --responder-log asa.log",
        'diagnose --initiator ios --screen - --symptom "ping fails one way"',
    ),
    "new": (
        "new my.yaml",
        "new my.yaml --first ios --second fortios",
        "new case.yaml --from hq-asa.txt --from branch-netscreen.txt",
    ),
    "schema": ("schema > scenario.schema.json",),
    "demo": ("demo",),
    "exam": ("exam", "exam --level advanced --seed 7", "exam --runtime netns"),
    "bundle": ("bundle scenarios/phase1/psk-mismatch.yaml -o case-17.gwsim",),
    "open": ("open case-17.gwsim", "open case-17.gwsim --to case-17 --run"),
    "up": ("up scenarios/phase1/psk-mismatch.yaml", "up my.yaml --runtime docker"),
    "down": ("down", "down --all"),
    "status": ("status",),
    "logs": ("logs branch -f", "logs hq --debug --tail 20"),
    "node": ("node hq --scenario my.yaml --set-up",),
    "gateway": (
        "gateway --config asa.txt --check",
        "gateway --config asa.txt --keys keys.txt --initiate",
    ),
    "exec": ("exec branch.pc ping -c 3 10.1.0.10", "exec hq ip route"),
    "capture": ("capture hq udp port 500", "capture internet -i to-hq -w seen.pcap"),
    "fault add": ("fault add udp-4500-blocked", "fault add psk-mismatch at=branch"),
    "fault repair": ("fault repair psk-mismatch",),
    "fault list": ("fault list",),
}
"""Examples by command."""
