"""What a word means: a state, a message, a notify, a fault, a line of a log.

Nothing here is written by hand for one word. States and messages come from the engine's exchange
tables and the vendors' state tables, notifies from the bad-input table, log lines from the
vendors' sources, examples from the scenario files. So an article cannot go stale.

* `article`: the form of what is told. `source`: places in gwsim's own source text.
* `examples`: the scenarios that speak of a word.
* `states`, `messages`, `notifies`, `lines`, `mistakes`: the articles of each kind;
  `steps`: the exchange tables as they need them.
* `lookup`: from a word to its articles.
"""
