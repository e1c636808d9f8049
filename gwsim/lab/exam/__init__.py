"""Exams: a lab with hidden faults, a student who looks for them, and a mark.

* `paper`: what is asked, drawn by level and seed, with the answers.
* `veil`: keeps the answers out of everything that runs.
* `room`: the lab in the student's hands; `words`: every word the student can say.
* `mark`: what the answers are worth.
"""
