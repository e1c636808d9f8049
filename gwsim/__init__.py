"""gwsim: two VPN gateways that really negotiate IKEv1 and carry ESP, in one process.

The floors, lowest first: `wire`, `crypto`, `ike` and `esp`, `gateway` and `path`, `vendors` and
`capture`, `daemon`, `lab`, `cli` and `pytest_plugin`. Imports only go down. Nothing happens on
import.
"""

__version__ = "0.1.0"
