"""The catalogue of faults: what goes wrong with tunnels, as data.

* `fault` is what a fault is: cause, signs, repair, what it changes, and its witness.
* `contact`, `phase1`, `nat`, `phase2`, `policy`, `traffic`, `life`, `crafted` are the themes, one
  file each. What a gateway writes wrongly is a `mistake`: `mistakes_in_messages` and
  `mistakes_in_payloads` list them.
* `stage` is where a fault can show itself: what must be configured and done so that it bites.
* `deltas` are the changes to a scenario that faults are made of, `proof` the things that
  witnesses look for in the record of a run.
* `catalogue` has them all by name, and tells what the faults of a scenario come to: what is
  configured when, which path rules hold, whether each fault took effect.
* `twin` is the same scenario without its faults, which must come up and carry traffic.

Symptoms are not written down here: they are computed, and scenarios expect them.
"""
