"""The negotiation engine: IKEv1 as tables of steps, without input, output or clock.

`exchange` holds what a step and an exchange are; `main_mode`, `aggressive_mode`, `quick_mode` and
`informational` are one exchange each; `proposals` chooses and says why not; `nat_traversal`,
`dpd`, `timers` and `lifetimes` are what their names say. `endpoint` is the public face: `intake`
finds the negotiation a datagram belongs to, `conversation` runs its table, `lifecycle` and
`children` are births and ends, `upkeep` the timers. `flaws` is the bad-input table, `events` what
happened, `snapshot` what is. The file list is the feature list.
"""
