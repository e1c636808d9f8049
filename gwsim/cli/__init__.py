"""The command line: one module for each command, found in the table of `commands` by `main`.

A command's module is imported when it is called, and imports only what it needs.

* Scenarios: `run`, `validate`, `new`, `schema`, `show` (and `shown`), `trace`, `demo`,
  `bundle` (and `open`), `exam`.
* What is known: `explain`, `faults`, `matrix`, `diagnose`, `ladder` (captures of anybody).
* Running labs: `up`, `down`, `status`, `logs`, `inside` (`exec` and `capture`), `fault`;
  `node` and `gateway` are processes of one. `labs` finds them, `engine` those of containers,
  in which `afar` runs programs.
* `options`: what several commands are told alike, `choices`: words of which there is a list;
  `files`: what a path stands for; `output`: text for people, `drawn`: the same on a terminal;
  `progress`: a bar.
* `usage` and `examples`: what help looks like; `signals`: ending in order.

Exit codes: 0 as expected, 1 not as expected, 2 bad usage, a bad file or a machine that lacks what
it takes, 130 broken off by Ctrl-C (128 + signal in general), 127 a program that `exec` cannot
find.
"""
