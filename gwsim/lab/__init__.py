"""The lab: scenarios, faults, expectations, and the runtimes in which they come true.

* the language: `scenario` (the root), `options`, `acts`, `expectations`, `units`, `algorithms`,
  `base`; `schema` gives its JSON Schema, `new` a scenario to start from.
* `load`: YAML to a checked scenario, every complaint with file, line and the nearest right word;
  `source` reads the file, `walk` and `names` look its words up, `complaints` puts what the models
  say into words, `networks` finds what contradicts itself.
* `faults`: the catalogue of what can go wrong, each with cause, signs, repair and witness.
* `resolve`, `configurations`, `compile`: a scenario as a `plan`: configurations, path and acts.
* `runner` makes a plan come true in one of the `runtimes`; the `record` of it is what `history`,
  `expect`, witnesses and the `report` are made from.
"""
