"""The vendors: how each behaves, and what each shows of the same engine.

* `vendor` is what every folder provides: a `Vendor`, made of values and of functions of a `View`.
* `registry` lists them and resolves what somebody typed: `asa`, `contivity`, `fortios`, `ios`,
  `screenos`. `habits` is what they do where the RFCs leave a choice, and how a run shows it.
* `line_grammar` and `crypto_maps` are what the configurations of Cisco's devices have in common,
  `surroundings` what every device is told of its networks.
* A folder holds `behaviour` (temperament and defaults), `states` (its words for our states), `show`
  (one function per command), `log` (one per event), `words` (texts that are believed, not proven)
  and `config` (its configuration grammar, written and read).

Vendors do not know each other, and none of them sees the engine: a view is made from a snapshot
and events, and gives the same text from those that came over a control socket.
"""
