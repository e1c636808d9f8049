"""The lab: scenarios, faults, expectations, and the runtimes in which they come true.

* the language: `scenario` (the root), `options`, `acts`, `expectations`, `units`, `algorithms`,
  `base`; `schema` gives its JSON Schema, `new` a scenario to start from.
* `load`: YAML to a checked scenario, every complaint with file, line and the nearest right word.
* `faults`: the catalogue of what can go wrong, each with cause, signs, repair and witness.
* `plan`, `compile`: a scenario as configurations, path and acts in time.
"""
