# SPDX-License-Identifier: GPL-3.0-or-later
"""The report in a real browser: on a desktop, a phone, paper and in the dark, without script, and with hostile records.

What it looked like is kept in build/report.
"""

import json
import re
import subprocess

import chromium
import fleet_of_records
import pytest
from conftest import STAGED, TOP, platform_folder

PROGRAM = STAGED / "plugins/plugin_utils" / platform_folder() / "vchassis"
SHOTS = TOP / "build/report"
WIDTHS = {"desktop": 1280, "tablet": 800, "phone": 390}

pytestmark = pytest.mark.skipif(chromium.PROGRAM is None, reason="chromium is not installed")


@pytest.fixture(scope="module")
def browser():
    it = chromium.Chromium()
    yield it
    it.close()


@pytest.fixture(scope="module")
def render(tmp_path_factory):
    """Returns a function that makes a page of records and returns its path."""

    def make(records):
        folder = tmp_path_factory.mktemp("records")
        for number, record in enumerate(records):
            text = record if isinstance(record, str) else json.dumps(record)
            (folder / f"{number}.json").write_text(text, encoding="utf-8")
        page = folder / "page.html"
        subprocess.run([PROGRAM, "report", folder, "-o", page], check=True, capture_output=True)
        return page

    return make


@pytest.fixture(scope="module")
def pages(render):
    SHOTS.mkdir(parents=True, exist_ok=True)
    return {count: render(fleet_of_records.fleet(count)) for count in (1, 20, 500)}


@pytest.fixture(autouse=True)
def nothing_to_complain_of(browser):
    """No page breaks its policy, asks an address, throws, or opens a dialog."""
    browser.complaints.clear()
    yield
    assert browser.complaints == []


def visible(browser, selector):
    return browser.evaluate(f"[...document.querySelectorAll({json.dumps(selector)})].filter(e => e.getClientRects().length).length")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("kind", WIDTHS)
@pytest.mark.parametrize("count", [1, 20, 500])
def test_fits(browser, pages, count, kind, dark):
    browser.view(WIDTHS[kind], dark=dark)
    browser.open(pages[count].as_uri())
    shade = "dark" if dark else "light"
    browser.screenshot(SHOTS / f"{count}-{kind}-{shade}.png", whole=count < 500)
    assert browser.evaluate("document.documentElement.scrollWidth") == WIDTHS[kind], "the page is wider than the screen"
    wide = browser.evaluate("[...document.querySelectorAll('body *')].filter(e => !e.closest('.defs, .skip, caption')"
                            " && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80))")
    assert wide == []
    cut = browser.evaluate("""[...document.querySelectorAll('th, td, dd, .b')].filter(e => {
        const text = document.createRange();
        text.selectNodeContents(e);
        return e.getClientRects().length
            && text.getBoundingClientRect().right > e.getBoundingClientRect().right - parseFloat(getComputedStyle(e).paddingRight) + 1;
    }).map(e => e.outerHTML.slice(0, 80))""")
    assert cut == [], "text stands out of its box"
    torn = browser.evaluate("""[...document.querySelectorAll('.over td')].filter(e => {
        const text = document.createRange();
        text.selectNodeContents(e);
        return !/\\W/.test(e.textContent.trim()) && new Set([...text.getClientRects()].map(r => r.top)).size > 1 && !e.firstElementChild;
    }).map(e => e.textContent)""")
    assert torn == [], "a word goes on in the next line"
    assert visible(browser, "article") == visible(browser, ".over tbody tr") == count


def test_window_changes_its_width(browser, pages):
    """Rules that make the browser look through the whole page for each of its elements took minutes here."""
    browser.view(800)
    browser.open(pages[500].as_uri())
    before = browser.processor_time()
    for width in (1280, 390, 1280):
        browser.view(width)
        assert browser.evaluate("document.documentElement.scrollWidth") == width
    assert browser.processor_time() - before < 60


@pytest.mark.parametrize("count", [1, 20, 500])
def test_size(pages, count):
    assert pages[count].stat().st_size < 1_500_000


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_contrast(browser, pages, dark):
    """WCAG 2.2, 1.4.3: text stands out by at least 4.5 to 1."""
    browser.view(1280, dark=dark)
    browser.open(pages[20].as_uri())
    faint = browser.evaluate("""(() => {
        const rgb = (c) => c.match(/[\\d.]+/g).map(Number);
        const light = (c) => rgb(c).slice(0, 3).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
        const behind = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (rgb(c)[3] !== 0) return c; } };
        const found = new Set();
        for (const e of document.querySelectorAll('body *')) {
            if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || !e.getClientRects().length || e.closest('script')) continue;
            const [fore, back] = [e.closest('svg') ? getComputedStyle(e).fill : getComputedStyle(e).color,
                                  e.closest('.P') ? getComputedStyle(e.closest('.P').querySelector('use')).fill : behind(e)];
            const [a, b] = [light(fore), light(back)].sort((x, y) => y - x);
            if ((a + .05) / (b + .05) < 4.5) found.add(`${e.tagName}.${e.className} ${fore} on ${back}`);
        }
        return [...found];
    })()""")
    assert faint == []


@pytest.mark.parametrize("count", [1, 20, 500])
def test_paper(browser, pages, count):
    browser.view(718, media="print", dark=True)  # what A4 has between its margins
    browser.open(pages[count].as_uri())
    browser.screenshot(SHOTS / f"{count}-print.png", whole=count < 500)
    assert browser.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert visible(browser, ".over tbody tr") == count, "a line for each chassis"
    kinds = [fleet_of_records.KINDS[number % 20] for number in range(count)]
    wrong = [kind for kind in kinds if kind in (fleet_of_records.incomplete, fleet_of_records.failed, fleet_of_records.unclear, fleet_of_records.unreachable)]
    assert visible(browser, "article") == len(wrong), "and more of those with which something is wrong"
    assert visible(browser, "nav, #finder, .skip, .ring") == 0
    assert browser.evaluate("document.documentElement.scrollWidth") <= 718
    larger = browser.evaluate("[...document.querySelectorAll('li li, td, dd, .did')].filter(e => parseFloat(getComputedStyle(e).fontSize)"
                              " > parseFloat(getComputedStyle(document.body).fontSize)).length")
    assert larger == 0, "what is subordinate is printed larger than the text"


@pytest.mark.parametrize(("count", "sheets"), [(1, 1), (20, 3), (500, 25)])
def test_pdf(browser, pages, count, sheets):
    browser.view(WIDTHS["desktop"], media="print")  # what is emulated counts for paper, too
    browser.open(pages[count].as_uri())
    browser.pdf(SHOTS / f"{count}-print.pdf")
    pdf = (SHOTS / f"{count}-print.pdf").read_bytes()
    assert len(pdf) > 10_000
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= sheets


def test_screen_reader(browser, pages):
    browser.view(WIDTHS["desktop"])
    browser.open(pages[20].as_uri())
    tree = browser.tree()
    roles = [role for role, _ in tree]
    for landmark in ("banner", "main", "navigation", "contentinfo"):
        assert roles.count(landmark) == 1, landmark
    drawings = [name for role, name in tree if role == "image"]
    assert len(drawings) == 19, "one for each chassis with members"
    assert ("Drawing of access-01-03.example.com Transport: RCP. Members: 0 primary, 1 backup, 2 linecard, 3 linecard.") in drawings
    assert all(name for role, name in tree if role in ("region", "article", "table", "columnheader", "rowheader", "link", "heading"))
    headers = browser.evaluate("[...document.querySelectorAll('th')].filter(e => !e.scope).length")
    assert headers == 0
    repeated = browser.evaluate("(ids => ids.length - new Set(ids).size)([...document.querySelectorAll('[id]')].map(e => e.id))")
    assert repeated == 0
    lost = browser.evaluate("[...document.querySelectorAll('[href], [aria-labelledby], [for]')].flatMap(e => [...(e.getAttribute('href') || '')"
                            ".replace('#', '').split(' '), ...(e.getAttribute('aria-labelledby') || '').split(' '), e.getAttribute('for') || '']"
                            ".filter(id => id && id.length > 1 && !document.getElementById(id)))")
    assert lost == []


def test_keyboard(browser, pages):
    browser.view(WIDTHS["desktop"])
    browser.open(pages[20].as_uri())

    def press(key, code):
        for kind in ("keyDown", "keyUp"):
            browser("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    press("Tab", 9)
    assert browser.evaluate("document.activeElement.className") == "skip"
    for _ in range(5):
        press("Tab", 9)
    assert browser.evaluate("document.activeElement.name") == "transport"
    press("ArrowRight", 39)
    assert visible(browser, "article") == visible(browser, "article.t-rcp") == 5


AXES = {"t-rcp": 5, "t-unknown": 2, "t-scp": 13, "r-failed": 2, "r-left": 3, "r-would": 4, "r-changed": 5, "r-fine": 6}


def counted(browser):
    """The number beside each choice, by its value."""
    return browser.evaluate("Object.fromEntries([...document.querySelectorAll('.cards input')].filter(e => e.value)"
                            ".map(e => [e.value, Number(e.parentElement.querySelector('b').textContent)]))")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("value", AXES)
def test_filter_by_one_axis(browser, pages, value, script):
    browser.view(WIDTHS["desktop"], script=script)
    browser.open(pages[20].as_uri())
    browser.view(WIDTHS["desktop"])
    assert visible(browser, "#finder") == int(script), "the box for words is of use only with script"
    assert counted(browser) == AXES
    browser.evaluate(f"document.querySelector('input[value=\"{value}\"]').click()")
    assert visible(browser, "article") == visible(browser, ".over tbody tr") == AXES[value]
    assert counted(browser) == AXES, "no number moves with a filter"
    if script:
        assert browser.evaluate("document.getElementById('said').textContent") == f"Filtered: {AXES[value]} of 20 chassis are shown."


def test_the_axes_are_chosen_independently(browser, pages):
    browser.view(WIDTHS["desktop"])
    browser.open(pages[20].as_uri())
    for value in ("t-rcp", "r-would"):
        browser.evaluate(f"document.querySelector('input[value=\"{value}\"]').click()")
    both = browser.evaluate("document.querySelectorAll('article.t-rcp.r-would').length")
    assert visible(browser, "article") == visible(browser, ".over tbody tr") == both == 4
    assert visible(browser, ".group[data-g]") == 1


def test_the_table_is_sorted_by_a_column(browser, pages):
    browser.view(WIDTHS["desktop"])
    browser.open(pages[20].as_uri())
    for order in (False, True):
        browser.evaluate("document.querySelector('.over thead button').click()")
        hosts = browser.evaluate("[...document.querySelectorAll('.over tbody th')].map(e => e.textContent)")
        assert hosts == sorted(hosts, reverse=order)


def test_long_lists_are_folded(browser, pages):
    browser.view(WIDTHS["desktop"])
    browser.open(pages[500].as_uri())
    assert browser.evaluate("Math.max(...[...document.querySelectorAll('.group')].map(e => e.querySelector('ul').children.length))") == 20
    assert visible(browser, ".group details li") == 0


def timed(browser, action):
    """Milliseconds of the page's only thread until it has done that and knows its layout again."""
    return browser.evaluate(f"(began => {{ {action}; document.documentElement.scrollHeight; return performance.now() - began; }})(performance.now())")


def test_thousands_of_chassis_are_answered_soon(browser, render):
    """The first 500 rows are shown, the others folded: to lay out 5,000 rows took a browser seconds, at each choice."""
    browser.view(WIDTHS["desktop"])
    browser.open(render(fleet_of_records.fleet(5000)).as_uri())
    assert counted(browser) == {value: 250 * number for value, number in AXES.items()}
    assert visible(browser, ".over tbody tr") == 500 and visible(browser, ".group details li") == 0
    assert browser.evaluate("document.querySelector('.rest summary').textContent") == "and 4500 more"
    before, choices = browser.processor_time(), ("input[value=t-rcp]", "input[value=r-would]", ".over thead button", ".over thead button")
    took = [timed(browser, f"document.querySelector({json.dumps(choice)}).click()") for choice in choices]
    assert browser.processor_time() - before < 3, took
    first = "document.querySelector('.over tbody th').textContent"
    assert browser.evaluate(first) == "access-250-17.example.com", "sorted by name, downwards, of those that are left"
    assert visible(browser, ".over tbody tr") == 500
    assert browser.evaluate("document.querySelector('.rest summary').textContent") == "and 500 more"
    assert browser.evaluate("document.getElementById('said').textContent") == "Filtered: 1000 of 5000 chassis are shown."
    browser.evaluate("(rest => new Promise(done => { rest.addEventListener('toggle', done); rest.open = true; }))(document.querySelector('.rest')).then(() => 0)")
    assert visible(browser, ".over tbody tr") == 1000


@pytest.mark.parametrize(("words", "articles"), [("", 20), ("01-07", 1), ("PERMISSION denied", 1), ("xy0002020421", 1), ("<no such>", 0)])
def test_filter_by_words(browser, pages, words, articles):
    browser.view(WIDTHS["desktop"])
    browser.open(pages[20].as_uri())
    browser.evaluate(f"(b => {{b.value = {json.dumps(words)}; b.dispatchEvent(new Event('input'))}})(document.getElementById('words'))"
                     ", new Promise(done => setTimeout(done, 200))")
    assert visible(browser, "article") == visible(browser, ".over tbody tr") == articles
    assert visible(browser, ".group:not([data-g])") == 0


HOSTILE = ["<script>document.title = 'broken'; alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</title></desc></svg><iframe src=//example.com>",
           "<svg onload=alert(1)>", "<style>body { display: none }</style>", "<base href=//example.com>", "javascript:alert(1)", "{{7*7}}", "x" * 5000,
           "\u202egnitsixe\u202c", "A\u0301" * 300]


def test_hostile_records(browser, render):
    page = render([fleet_of_records.hostile(text) for text in HOSTILE] + ["{\"schema\": 1", "", "<b>"])
    for kind, width in WIDTHS.items():
        browser.view(width)
        browser.open(page.as_uri())
        browser.screenshot(SHOTS / f"hostile-{kind}.png", whole=True)
        assert browser.evaluate("document.title") == "Virtual Chassis configuration synchronization"
        assert browser.evaluate("document.documentElement.scrollWidth") == width
        assert visible(browser, "article") == len(HOSTILE)
        assert browser.evaluate("document.querySelectorAll('img, iframe, base, script:not(:last-child), body style').length") == 0
    assert browser.evaluate("document.querySelectorAll('[aria-labelledby=g-bad] li').length") == 3
    named = browser.evaluate("[...document.querySelectorAll('article h3')].map(e => e.firstChild.data.trim())")
    assert set(HOSTILE[:8]) <= set(named)


def test_policy_stops_what_would_slip_through(browser, pages, tmp_path):
    """The second line of defence holds by itself: in a page with a hole, nothing foreign is run."""
    holed = tmp_path / "holed.html"
    page = pages[1].read_text(encoding="utf-8")
    assert page.count("<h1>") == 1
    holed.write_text(page.replace("<h1>", "<script>document.title = 'broken'</script><img src=x onerror=\"document.title = 'broken'\"><h1>"), encoding="utf-8")
    browser.open(holed.as_uri())
    assert browser.evaluate("document.title") != "broken"
    assert any("Content Security Policy" in text for text in browser.complaints)
    browser.complaints.clear()
