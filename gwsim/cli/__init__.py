"""The command line: one module for each command, `main` puts them together.

* Scenarios: `run`, `validate`, `new`, `schema`, `show`, `trace`, `demo`, `bundle` (and `open`),
  `exam`.
* What is known: `explain`, `faults`, `matrix`, `diagnose`, `ladder` (captures of anybody).
* Running labs: `up` (and `down`), `status`, `logs`, `inside` (`exec` and `capture`), `fault`;
  `node` and `gateway` are processes of one. `labs` finds them, `engine` those of containers.
* `options`: what several commands are told alike; `files`: what a path stands for; `output`: text
  for people and terminals; `progress`: a bar.
* `usage` and `examples`: what help looks like; `signals`: ending in order.

Exit codes: 0 as expected, 1 not as expected, 2 bad usage, a bad file or a machine that lacks what
it takes, 130 broken off by Ctrl-C (128 + signal in general), 127 a program that `exec` cannot
find.
"""
