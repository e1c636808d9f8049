"""The negotiation engine: IKEv1 as tables of steps, without input, output or clock.

* `endpoint` is the public face: it is told a `config` and `commands`, `events` are what happened
  and `snapshot`, taken by `picture`, what is; `export` gives keys to who decrypts a capture.
* `exchange` holds what a step and an exchange are; `main_mode` and `aggressive_mode` (with what
  they share in `phase1`), `quick_mode` and `informational` are one exchange each. `turn` is what a
  step may use, `states` are the names of where it waits.
* `intake` finds the negotiation a datagram belongs to, `admission` says whether one may begin and
  `initiation` begins our own; `conversation` runs its table, `messages` and `inbound` are a message
  on its way between octets and payloads, `post` sends and opens it.
* `sa` is what lives in here, `ledger` holds all of it; `lifecycle` and `children` are births and
  ends, `renewal` says which stays of two, `upkeep` runs the timers.
* `offers` are SA payloads; `proposals` chooses and says why not, `explain` in which words;
  `identities` proves who the ends are, `proxy_ids` finds the child that is asked for.
* `nat_traversal`, `dpd`, `timers` and `lifetimes` are what their names say; `contact` is where the
  peer talks from, `notices` what its notifications and deletes do.
* `flaws` is the bad-input table, `refusal` what follows from it. `impairments` are what a gateway
  writes wrongly, `crafting` draws such a message up with `alterations`.

The file list is the feature list.
"""
