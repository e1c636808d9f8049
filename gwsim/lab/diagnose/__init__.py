"""From symptoms back to the cause: what a person sees, compared with every cell of the matrix.

* `observations`: what a person has: states, lines, screens, counters, a capture's outline
  (`captured`).
* `observables`: what can be seen of a cell; `knowledge`: all cells of a pair of vendors, kept.
* `reading`: from pasted text to claims about observables; `symptoms`: from plain words.
* `ranking`: which causes fit, and what contradicts them.
* `discriminator`: what to look at next; `commands`: with which command.
* `report`: all of it for people and programs. `diagnosis` is the way in.
* `resting`: which faults leave a negotiation in a state.
"""
