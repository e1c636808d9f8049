"""What is left of a run to look at: pure functions of what gateways and path have told.

* `trace` joins both: one entry per message, with its payloads and what became of it.
* `ladder` draws a trace as arrows between poles.
* `pcapng` writes packets for Wireshark, `sighted` says which ones a tap would see, `wanted` what a
  run keeps for it.
* `keys` writes the tables with which Wireshark decrypts them, `wireshark` a profile with them.
* `notation` shortens payload names.
* `reading` is the way back: what a capture of any two devices shows.
"""
