"""Chat in four languages: chosen by the page, the browser or the visitor, and never mixed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import pytest
from playwright.async_api import Browser, Page
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.definition.model import Service
from app.words.catalogue import Catalogue
from app.words.files import catalogues
from app.words.message import Message
from tests.browser import axe, open_page
from tests.widgets.line import NOW, NUMBER, ChatLine, chat_line, fellside
from tests.widgets.test_visitor_states import SIDEWAYS, SMALL
from tests.widgets.visitor import Visitor, on_host, on_own_page
from widgets.visitor.page import offered
from widgets.visitor.web import routes

CHARITY = "https://www.fellside.example"
LANGUAGES = ["en", "cy", "pl", "ur"]
DRAFT = "This translation was made by machine and is being checked."
Look = Callable[[str], Awaitable[None]]


def said(language: str, text: str, context: str = "") -> str:
    return catalogues()[language].say(Message(text, context=context))


def client(service: Service) -> TestClient:
    listed = routes(
        services=lambda: {service.key: service},
        mint_frame_token=lambda *_: "secret.token",
        public_url="https://chat.example",
        now=lambda: NOW,
    )
    return TestClient(Starlette(routes=listed), base_url="https://chat.example")


FELLSIDE = client(fellside(CHARITY))


@pytest.fixture
async def line() -> AsyncIterator[ChatLine]:
    async with chat_line() as opened:
        yield opened


# What the server gives


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("face", ["w", "p"])
def test_the_first_html_is_whole_in_each_language(face: str, language: str) -> None:
    html = FELLSIDE.get(f"/{face}/fellside/{language}").text
    catalogue = catalogues()[language]
    assert (
        f'<html lang="{"en-GB" if language == "en" else language}" dir="{catalogue.direction}"'
        in html
    )
    assert said(language, "Talk with someone") in html
    for sure in ('<bdi class="ltr">999</bdi>', "999 BSL", "18000", NUMBER, "bsl.fellside.example"):
        assert sure in html
    assert html.index("999") < html.index(said(language, "Talk with someone"))
    assert (DRAFT in html) == catalogue.draft
    assert catalogue.draft == (language != "en")


def test_every_phrase_of_the_page_is_marked_and_none_is_left_in_english() -> None:
    """Between two languages that share no words, nothing on the page stays the same."""
    page = FELLSIDE.get("/w/fellside/ur").text
    body = re.sub(
        r'<svg.*?</svg>|<head>.*?</head>|<(\w+)[^>]* lang="en".*?</\1>', "", page, flags=re.S
    )
    body = re.sub(r'data-words="[^"]*"|<(?:bdi|kbd|b)[^>]*>[^<]*</(?:bdi|kbd|b)>', "", body)
    words = re.sub(r"<[^>]*>", " ", body)
    latin = set(re.findall(r"[A-Za-z]{3,}", words))
    assert latin <= {"Relay", "Aspatria", "Kendal", "Penrith", "Wigton"}


def test_the_language_is_asked_for_or_the_browsers_or_the_first() -> None:
    def tongue(path: str, accepts: str = "") -> str:
        html = FELLSIDE.get(path, headers={"Accept-Language": accepts}).text
        found = re.search(r'<html lang="([\w-]+)"', html)
        assert found is not None
        return found[1]

    assert tongue("/w/fellside") == "en-GB"
    assert tongue("/w/fellside", "pl-PL,pl;q=0.9,en;q=0.5") == "pl"
    assert tongue("/w/fellside/cy", "pl") == "cy"
    assert tongue("/w/fellside/de", "ur,en;q=0.5") == "ur"
    assert tongue("/p/fellside/ur") == "ur"


def test_only_the_services_own_languages_are_offered() -> None:
    one = replace(fellside(CHARITY), languages=("en", "ar"))
    html = client(one).get("/p/fellside", headers={"Accept-Language": "pl"}).text
    assert 'lang="en-GB"' in html
    assert "data-lang" not in html
    assert [each.language for each in offered(replace(one, languages=("ar",)), catalogues())] == [
        "en"
    ]


def test_each_language_is_offered_by_its_own_name() -> None:
    html = FELLSIDE.get("/p/fellside").text
    for code, name in (("en", "English"), ("cy", "Cymraeg"), ("pl", "Polski"), ("ur", "اردو")):
        assert re.search(rf'href="/p/fellside/{code}" lang="{code}".*?{name}', html)
    assert re.search(r'data-lang="en" aria-current="true"', html)


def test_a_services_own_words_are_in_the_language_or_left_out() -> None:
    own = replace(
        fellside(CHARITY),
        words={"welcome": "Hello from the fells.", "promise": "We keep it."},
        words_in={"cy": {"welcome": "Helo o’r mynydd."}},
    )
    pages = {code: client(own).get(f"/w/fellside/{code}").text for code in LANGUAGES}
    assert "Hello from the fells." in pages["en"]
    assert "Helo o’r mynydd." in pages["cy"]
    for code in ("cy", "pl", "ur"):
        assert "Hello from the fells." not in pages[code]
        assert "We keep it." not in pages[code]


def test_what_a_service_asks_is_translated_or_says_its_language() -> None:
    service = fellside(CHARITY)
    first = replace(service.crimes[0], asks_in={"cy": "Rhywun agos ataf"})
    html = client(replace(service, crimes=(first, *service.crimes[1:]))).get("/w/fellside/cy").text
    assert "Rhywun agos ataf" in html
    assert said("cy", "Because of who I am") in html
    assert '<bdi lang="en">Theft, damage or fraud</bdi>' in html


def test_words_to_swap_come_without_a_token_and_may_be_read_by_the_frame() -> None:
    answer = FELLSIDE.get("/w/fellside/words/cy")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "secret.token" not in answer.text
    assert "access-control-allow-origin" not in FELLSIDE.get("/w/fellside/cy").headers
    assert client(fellside(CHARITY)).get("/w/nobody/words/cy").status_code == 404


def test_a_service_without_a_video_relay_shows_no_entry() -> None:
    without = client(replace(fellside(CHARITY), video_relay="")).get("/w/fellside").text
    assert "British Sign Language" not in without
    assert "999 BSL" in without


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_makes_the_page_heavy(language: str) -> None:
    answer = FELLSIDE.get(f"/w/fellside/{language}", headers={"Accept-Encoding": "gzip"})
    assert int(answer.headers["content-length"]) <= 20_000


# What a visitor does


async def speaks(ella: Visitor, language: str) -> Catalogue:
    await ella["html[lang^=" + language + "]"].wait_for(state="attached")
    return catalogues()[language]


async def test_a_change_of_language_loses_no_word(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with("Maya")
    await line.advisor("Hello, is it safe to write?")
    await ella.write("yes hes asleep")
    await ella.sent("yes hes asleep")
    line.acks = False
    await ella.write("not sent yet")
    await ella.see(".pending", "Sending")
    await ella["#box"].fill("a draft")
    await ella.press("#more")
    await ella.press("#sheet [data-lang=ur]")
    await speaks(ella, "ur")
    await line.until(lambda: line.of("speak"))
    assert [frame["lang"] for frame in line.of("speak")] == ["ur"]
    await ella.press("#shut")
    assert await ella["html"].get_attribute("dir") == "rtl"
    assert await ella["#box"].input_value() == "a draft"
    assert await ella.log() == ["Hello, is it safe to write?", "yes hes asleep", "not sent yet"]
    await ella.see("#leave", said("ur", "Leave now"))
    await ella.see("#with-words", said("ur", "is here with you", "under a name"))
    await ella.see(".pending small", said("ur", "Sending"))
    await ella.see(".me:not(.pending) small", said("ur", "Sent", "a message"))
    assert await ella["#box"].get_attribute("placeholder") == said("ur", "Write here")
    assert await ella["#send"].get_attribute("aria-label") == said("ur", "Send")
    line.acks = True
    await line.drop()
    await ella.sent("not sent yet")
    assert line.said()[-1] == "not sent yet"
    assert line.of("hello")[-1]["lang"] == "ur"


async def test_the_choice_on_the_first_screen_goes_with_the_hello(
    page: Page, line: ChatLine
) -> None:
    ella = await on_own_page(page, line)
    await ella.press("[data-screen=start] [data-lang=pl]")
    await speaks(ella, "pl")
    await ella.see("[data-screen=start] [aria-current=true]", "Polski")
    assert page.url == f"{line.url}/p/fellside"
    await ella.find_someone()
    assert line.of("hello")[0]["lang"] == "pl"
    await line.state("waiting", place=3, minutes=[4, 9], rung=1, rungs=3)
    await ella.see("#wait-place", "Jesteś na trzecim miejscu w kolejce")
    await ella.see("#wait-range", "Około 4–9 minut.")
    for place, words in ((13, "jest 12 osób"), (23, "są 22 osoby"), (123, "są 122 osoby")):
        await line.state("waiting", place=place, minutes=None, rung=1, rungs=3)
        await ella.see("#wait-place", f"Przed Tobą {words}")


async def test_the_host_page_says_which_language(page: Page, line: ChatLine) -> None:
    await page.add_init_script("window.Frontdoor = [['setLanguage', 'cy']]")
    ella = await on_host(page, line)
    await speaks(ella, "cy")
    await page.evaluate("Frontdoor.setLanguage('ur')")
    await speaks(ella, "ur")
    await page.evaluate("Frontdoor.setLanguage('xx')")
    await ella.press("[data-screen=start] [data-lang=en]")
    await speaks(ella, "en")
    await ella.press("#away")
    await ella.press("#launch")
    await ella.see("#begin", "Start writing")


async def test_the_script_tag_says_which_language(page: Page, line: ChatLine) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    ella = await on_host(page, line, "/welsh")
    await speaks(ella, "cy")
    first = next(url for url in asked if "/w/fellside" in url)
    assert first.endswith("/w/fellside/cy")
    assert not [url for url in asked if "/words/" in url]


async def test_numbers_read_rightly_inside_words_that_run_the_other_way(
    page: Page, line: ChatLine
) -> None:
    await page.goto(f"{line.url}/p/fellside/ur")
    ella = Visitor(page, page.main_frame, line)
    await ella.see("#begin")
    await ella.talk_with("Maya")
    text = "میرا نمبر 07700 900 142 ہے، PR1 پر، Sam کے ساتھ 10:30 بجے"
    await line.advisor(text, name="Maya")
    await ella.see(".them bdi")
    assert await ella.log() == [text]
    number = ella[".them bdi"]
    assert await number.inner_text() == "07700 900 142"
    order = await number.evaluate(
        """it => [0, 6, 10].map(at => { const range = document.createRange();
        range.setStart(it.firstChild, at); range.setEnd(it.firstChild, at + 1);
        return range.getBoundingClientRect().left })"""
    )
    assert order == sorted(order)
    assert "\u2068Maya\u2069" in await ella[".event"].inner_text()
    assert await ella[".them p"].evaluate("it => getComputedStyle(it).direction") == "rtl"


async def test_without_script_the_languages_are_links(browser: Browser, line: ChatLine) -> None:
    async with open_page(browser, java_script_enabled=False) as page:
        await page.goto(f"{line.url}/p/fellside")
        await page.click("[data-screen=start] [data-lang=cy]")
        await page.wait_for_url("**/p/fellside/cy")
        assert await page.locator("h1:visible").inner_text() == said("cy", "Talk with someone")


@pytest.mark.parametrize(
    ("width", "height", "scheme"), [(320, 640, "dark"), (1440, 900, "light"), (320, 256, "light")]
)
async def test_in_urdu_all_can_be_read_and_pressed_too(
    browser: Browser, line: ChatLine, width: int, height: int, scheme: str
) -> None:
    size = {"width": width, "height": height}
    async with open_page(
        browser, viewport=size, color_scheme=scheme, reduced_motion="reduce", locale="ur"
    ) as page:
        ella = await on_own_page(page, line)
        await speaks(ella, "ur")

        async def look(state: str) -> None:
            assert await axe(page) == [], state
            assert not await page.evaluate(SIDEWAYS), state
            assert await page.evaluate(SMALL) == [], state
            box = await ella["#leave"].bounding_box()
            assert box is not None, state
            assert box["y"] >= 0, state
            assert box["height"] >= 48, state

        await before_and_waiting(ella, look)
        await line.state("connected", name="ثنا")
        await line.advisor("کیا ابھی لکھنا محفوظ ہے؟ 08081 570 142", name="ثنا")
        await ella.write("I am at PR1")
        await ella.sent("I am at PR1")
        mine = await ella[".me p"].bounding_box()
        theirs = await ella[".them p"].bounding_box()
        assert mine is not None
        assert theirs is not None
        assert mine["x"] < theirs["x"]
        assert await ella[".me p"].evaluate("it => getComputedStyle(it).direction") == "ltr"
        await look("talking")
        await ella.press("#more")
        await look("more choices")
        await ella.press("#shut")
        await line.state("ended", how="advisor_ended")
        await ella.see("#over")
        await look("over")


async def before_and_waiting(ella: Visitor, look: Look) -> None:
    await look("start")
    await ella.press("#begin")
    await look("what is it about")
    await ella.press("[data-screen=about] [data-go=where]")
    await ella.press("#towns")
    await look("roughly where")
    await ella.press("[data-town=Penrith]")
    await look("under 18")
    await ella.press("[data-screen=age] [data-find]")
    await ella.line.until(lambda: ella.line.sockets)
    await ella.line.state("waiting", place=3, minutes=[4, 9], rung=2, rungs=3)
    await ella.see("#wait-place", "تیسرا")
    await look("waiting")
    await ella.press("#ask-call")
    await look("when may we call")
    await ella.press("[data-screen=callback] [data-go=talk]")
    await ella.press("[data-go=read]")
    await look("something to read")
    await ella.press("[data-screen=read] [data-go=talk]")
