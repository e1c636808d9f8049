"""`gwsim explain`: what a word on a screen means, and where gwsim makes it."""

import json as json_format
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from gwsim.cli.files import COLLECTION, Folder, library
from gwsim.cli.options import Json
from gwsim.cli.output import stop, write
from gwsim.lab.explain.lookup import explain as lookup
from gwsim.lab.explain.lookup import suggestion
from gwsim.vendors.registry import VENDORS


def explain(
    word: Annotated[
        str, typer.Argument(metavar="WORD", help="A state, message, fault, notify or log line.")
    ],
    scenarios: Folder = Path(COLLECTION),
    json: Json = False,
) -> None:
    """Explain a state, message, fault, notify or log line.

    Everything told is read out of the tables and scenarios that gwsim runs on.
    """
    articles = lookup(word, VENDORS, library(scenarios))
    if not articles:
        near = suggestion(word, VENDORS)
        stop(f"nothing here is called {word!r}, and no log line has it{near}")
    if json:
        write(json_format.dumps([asdict(article) for article in articles], indent=2))
    else:
        write("\n\n".join(article.text() for article in articles))
