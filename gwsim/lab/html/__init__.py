"""Reports for people: one self-contained HTML page per run, and an index of all of them.

Every module computes values from a judged run; `page` puts them into a template that escapes all
text. A page has no script, asks for nothing and forbids its browser to: scenario text, log lines
and names are hostile input.

* `moments`: when to look at the gateways, and which look tells most.
* `agreed`: what gateways agreed on; `course`: what happened on the way, once each.
* `standing`: where each gateway stands at a moment; `screens`: what it shows and logs.
* `topology`, `arrows`, `bands`: the pictures, drawn with `svg`.
* `page`, `index`: whole documents; `folder`: where they are written.
"""
