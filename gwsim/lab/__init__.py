"""The lab: scenarios, faults, expectations, and the runtimes in which they come true.

* the language: `scenario` (the root), `options`, `acts`, `expectations`, `units`, `durations`,
  `algorithms`, `impairments`, `host`, `base`; `schema` gives its JSON Schema, `new` a scenario to
  start from.
* `load`: YAML to a checked scenario, every complaint with file, line and the nearest right word;
  `source` reads the file, `walk` and `names` look its words up, `complaints` puts what the models
  say into words, `networks` (with `addresses`) and `partners` find what contradicts itself,
  `nearest` the nearest right word. `library` has the scenarios that come with gwsim.
* `faults`: the catalogue of what can go wrong, each with cause, signs, repair and witness.
* `resolve`, `configurations`, `compile`: a scenario as a `plan`: configurations, path and acts;
  `addressing` chooses the addresses that it does not name.
* `runner` makes a plan come true in one of the `runtimes`; the `record` of it is what `history`,
  `messages`, `outcomes`, `captures`, `expect`, witnesses, the `verdict` and with it `report` and
  `html` are made from; `bundle` puts all of a run into one file. `workers` play many side by side.
  `lateness` is how well a machine kept up with real time.
* `session` is a scenario in somebody's hands, `live` labs that stay up, `standalone` a gateway
  without a lab, `exam` a lab with hidden faults.
* `matrix`: every fault between every two vendors, computed; `diagnose` goes back from symptoms to
  a cause, `explain` says what a word means.
"""
