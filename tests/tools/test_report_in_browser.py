"""Reports in a real browser: they fit, print, stay silent and ask for nothing."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from gwsim.lab.html.folder import report_below, write_index
from gwsim.lab.load import load_scenario
from gwsim.lab.runner import run_file
from tests.lab.scenarios_for_tests import TWO_ASAS, varied
from tests.tools.browser import Browser, browser

SCENARIOS = Path("scenarios")
FILES = ("phase1/psk-mismatch.yaml", "healthy/three-sites.yaml", "nat/udp-4500-blocked.yaml")
HOSTILE = (
    "</title></style><script>document.title='owned'</script>"
    "<img src=http://203.0.113.80/x onerror=document.title='owned'><a href=javascript:1>"
    "<svg onload=document.title='owned'>" + "W" * 300
)

pytestmark = pytest.mark.needs("chromium", "chromedriver")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A report of three scenarios of the library and a hostile one, as the program writes it."""
    folder = tmp_path_factory.mktemp("report")
    hostile = folder / "hostile.yaml"
    word = HOSTILE.replace("'", "''")
    hostile.write_text(
        varied(
            ("title: Two ASAs", f"title: '{word}'\nstory: '{word}'"),
            ("psk: correct horse battery staple", f"psk: '{word}'"),
            ("{state: ESTABLISHED}", f"{{log: '{word}'}}"),
            text=TWO_ASAS,
        ),
        encoding="utf-8",
    )
    found = {}
    for name in (*FILES, "hostile.yaml"):
        file = str(hostile if name == "hostile.yaml" else SCENARIOS / name)
        keeper = report_below(folder / Path(name).stem, [file])
        verdict = run_file(file, keepers=(keeper,))
        write_index(keeper, [load_scenario(file)], [verdict])
        found[Path(name).stem] = keeper.place(file)
    return found


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all questions."""
    with browser(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.mark.parametrize("width", [360, 390, 1280])
def test_no_page_is_wider_than_its_window(chromium, pages, width):
    for page in pages.values():
        for file in (page, page.with_name("index.html")):
            chromium.open(file, width)
            chromium.open_everything()
            assert chromium.overhang() <= 0, (file.name, width)


def test_pages_ask_for_nothing_and_the_browser_has_no_complaint(chromium, pages):
    chromium.requests()
    chromium.complaints()
    for page in pages.values():
        chromium.open(page, 1280)
        chromium.open_everything()
        asked = {url for url in chromium.requests() if not url.startswith("data:")}
        assert asked == {page.as_uri()}
        assert chromium.complaints() == []


def test_hostile_words_do_nothing_but_stand_there(chromium, pages):
    chromium.open(pages["hostile"], 1280)
    assert chromium.ask("document.title").startswith(HOSTILE[:20])
    assert chromium.ask("document.querySelector('h1').textContent") == HOSTILE
    assert chromium.ask("document.querySelectorAll('script, img, [onload], [onerror]').length") == 0
    assert chromium.ask("document.querySelectorAll('style').length") == 1


def test_the_style_is_in_force_and_dark_where_that_is_liked(chromium, pages):
    background = "getComputedStyle(document.body).backgroundColor"
    seen = []
    for wanted in (False, True):
        chromium.dark(wanted)
        chromium.open(pages["psk-mismatch"], 1280)
        seen.append(chromium.ask(background))
    chromium.dark(False)
    assert seen == ["rgb(245, 246, 248)", "rgb(18, 22, 28)"]


@pytest.mark.parametrize("wanted", [False, True])
def test_text_is_readable_in_light_and_dark(chromium, pages, wanted):
    chromium.dark(wanted)
    for page in pages.values():
        chromium.open(page, 1280)
        assert chromium.ask(CONTRAST) == []
    chromium.dark(False)


def test_anchors_lead_where_they_say(chromium, pages):
    page = pages["psk-mismatch"]
    chromium.open(page, 1280)
    links = chromium.ask("[...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.hash)")
    assert len(links) > 12
    for link in dict.fromkeys(links):
        assert chromium.ask("document.querySelector(arguments[0]) !== null", link), link
    chromium.open(page, 1280, "#logs")
    assert 0 <= chromium.ask("document.querySelector('#logs').getBoundingClientRect().top") < 120


def test_the_verdict_and_the_cause_are_on_the_first_screen(chromium, pages):
    chromium.open(pages["psk-mismatch"], 1280)
    assert chromium.ask("document.querySelector('.cards').getBoundingClientRect().bottom") < 800
    shown = chromium.ask("document.querySelector('.cards').innerText")
    assert "never up" in shown
    assert "pre-shared key" in shown


def test_a_phone_gets_the_standing_picture_and_a_desk_the_lying_one(chromium, pages):
    shown = (
        "[...document.querySelectorAll('.topology')]"
        ".filter(drawn => getComputedStyle(drawn).display !== 'none')"
        ".map(drawn => drawn.getAttribute('class'))"
    )
    for width, form in ((390, "standing"), (1280, "lying")):
        chromium.open(pages["psk-mismatch"], width)
        assert chromium.ask(shown) == [f"topology {form}"]


def test_those_who_listen_get_headings_landmarks_and_names(chromium, pages):
    chromium.open(pages["psk-mismatch"], 1280)
    levels = chromium.ask("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    for landmark in ("header", "nav[aria-label]", "main", "footer", "html[lang=en]"):
        assert chromium.ask("document.querySelectorAll(arguments[0]).length", landmark) == 1
    unnamed = (
        "[...document.querySelectorAll('svg')]"
        ".filter(drawn => !drawn.closest('[aria-hidden=true]') && !drawn.ariaLabel).length"
    )
    assert chromium.ask(unnamed) == 0


def test_a_page_prints(chromium, pages):
    chromium.open(pages["psk-mismatch"], 1280)
    assert chromium.printed().startswith(b"%PDF-")


def test_the_index_leads_to_the_page(chromium, pages):
    page = pages["psk-mismatch"]
    chromium.open(page.with_name("index.html"), 1280)
    assert chromium.ask("document.querySelector('.runs a').href") == page.as_uri()


CONTRAST = """(() => {
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const pale = [];
  for (const element of document.querySelectorAll('body *:not(svg *)')) {
    const own = [...element.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!own) continue;
    const pair = [light(parts(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (ratio < 4.5) pale.push(`${element.className} ${ratio.toFixed(2)}`);
  }
  return [...new Set(pale)];
})()"""
"""What has less contrast than WCAG 2.1 AA asks of small text (1.4.3)."""
