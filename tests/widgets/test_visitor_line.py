"""Words on a bad line: kept until they are acknowledged, shown once, in order, and only as text."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page

from tests.widgets.line import NUMBER, ChatLine, chat_line
from tests.widgets.visitor import on_own_page

NONSENSE = (
    "not json",
    "null",
    "7",
    "[]",
    '{"t":"dance"}',
    '{"t":"message"}',
    '{"t":"message","conversation":"another","epoch":"e1","seq":1,"text":"not ours"}',
)


@pytest.fixture
async def line() -> AsyncIterator[ChatLine]:
    async with chat_line() as opened:
        yield opened


async def test_a_visitor_is_heard_and_answered(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with("Maya")
    await line.advisor("Hello, I’m Maya. Is it safe for you to write just now?")
    await ella.see(".them", "Is it safe")
    await ella.write("yes hes asleep")
    await ella.sent("yes hes asleep")
    assert line.said()[-1] == "yes hes asleep"
    (said,) = line.of("say")
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
                        said["client_id"])  # fmt: skip


async def test_the_answers_go_with_the_hello_and_never_a_whole_postcode(
    page: Page, line: ChatLine
) -> None:
    ella = await on_own_page(page, line)
    await ella.press("#begin")
    await ella.press("text=Someone close to me")
    await ella.press("[data-screen=about] [data-go=where]")
    await ella["#area"].fill("ca11 7xx, Penrith")
    await ella.press("#placed")
    await ella.press("text=Yes, under 18")
    await ella.press("[data-screen=age] [data-find]")
    await line.until(lambda: line.sockets)
    (hello,) = line.of("hello")
    assert hello["need"] == {"crime": "domestic", "area": "ca11, Penrith", "age": "under18"}
    assert hello["token"] == "frame-fellside-0310"
    assert hello["cursor"] is None
    await ella.see("#said", "We never ask your parents")


async def test_a_code_that_two_teams_share_asks_for_the_town(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)
    await ella.press("#begin")
    await ella.press("[data-screen=about] [data-go=where]")
    await ella["#area"].fill("ca7")
    await ella.press("#placed")
    await ella.see("#which", "Two teams share CA7")
    assert await ella["#town-list button:visible"].all_inner_texts() == [
        "Aspatria",
        "Penrith",
        "Wigton",
    ]
    await ella.press("[data-town=Aspatria]")
    await ella.press("[data-screen=age] [data-find]")
    await line.until(lambda: line.sockets)
    assert line.of("hello")[0]["need"]["area"] == "CA7 Aspatria"


async def test_words_written_while_the_line_is_down_are_sent_once_it_is_back(
    page: Page, line: ChatLine
) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with()
    await ella.write("one")
    await ella.sent("one")
    line.shut = True
    await line.drop()
    await ella.see("#bar", "The line dropped")
    await ella.write("two")
    await ella.see(".pending", "two")
    line.shut = False
    await ella.sent("two")
    assert line.said() == ["one", "two"]
    again = line.of("hello")[-1]
    assert again["cursor"] == {"epoch": "e1", "seq": 1}
    assert again["token"].startswith("resume-")
    assert await ella.log() == ["one", "two"]


async def test_a_lost_ack_makes_no_second_message(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with()
    line.acks = False
    await ella.write("he has my bank card")
    await line.until(lambda: line.said() == ["he has my bank card"])
    await ella.see(".pending", "he has my bank card")
    line.acks = True
    await line.drop()
    await ella.sent("he has my bank card")
    assert line.said() == ["he has my bank card"]
    assert await ella.log() == ["he has my bank card"]


async def test_a_doubled_line_is_shown_once_and_a_missing_one_is_asked_for(
    page: Page, line: ChatLine
) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with()
    first = line.keep("advisor", "first", name="Maya")
    await line.tell(first)
    await line.tell(first)
    line.keep("advisor", "second", name="Maya")
    await line.tell(line.keep("advisor", "third", name="Maya"))
    await ella.see(".them", "third")
    assert await ella.log() == ["first", "second", "third"]
    assert [frame["cursor"] for frame in line.of("since")] == [{"epoch": "e1", "seq": 1}]


async def test_the_server_is_told_what_stands_on_the_screen_and_not_for_each_line(
    page: Page, line: ChatLine
) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with()
    for n in range(40):
        await line.advisor(f"line {n}")
    await ella.see(".them", "line 39")
    await line.until(lambda: line.of("got"))
    await line.until(lambda: line.of("got")[-1]["cursor"] == {"epoch": "e1", "seq": 40})
    assert len(line.of("got")) < 20
    await line.drop()
    await line.until(lambda: len(line.of("hello")) == 2)
    before = len(line.of("got"))
    await line.until(lambda: len(line.of("got")) > before)
    assert line.of("got")[-1]["cursor"]["seq"] == 40, "and again on a new line"


async def test_an_ack_that_runs_ahead_of_missed_lines_hides_none_of_them(
    page: Page, line: ChatLine
) -> None:
    """She comes back, and the receipt for her own words is quicker than what she missed."""
    ella = await on_own_page(page, line)
    await ella.talk_with()
    line.acks = False
    await ella.write("are you there?")
    await line.until(lambda: line.said() == ["are you there?"])
    mine = line.kept.pop()
    missed = line.keep("advisor", "Take your time.", name="Maya")
    late = {**mine, "seq": 2}
    line.kept.append(late)
    await line.tell({**late, "t": "ack"})
    await line.tell(missed)
    await line.tell(late)
    await ella.see(".them", "Take your time.")
    await ella.sent("are you there?")
    assert await ella.log() == ["Take your time.", "are you there?"]


async def test_after_a_restore_the_log_starts_again_and_keeps_what_was_not_sent(
    page: Page, line: ChatLine
) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with()
    await line.advisor("before the restore")
    await ella.see(".them", "before the restore")
    line.shut = True
    await line.drop()
    await ella.see("#bar")
    await ella.write("still mine")
    line.epoch, line.kept = "e2", []
    line.keep("advisor", "what the backup held", name="Maya")
    line.shut = False
    await ella.sent("still mine")
    assert await ella.log() == ["what the backup held", "still mine"]


async def test_too_much_at_once_is_waited_for_not_lost(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with()
    line.refuses = lambda frame: {"code": "slow_down", "words": "Slow down.", "after": 1}
    await ella.write("a lot")
    await ella.see("#bar", "That was a lot at once. Wait 1 s.")
    await ella.see("#bar", NUMBER)
    line.refuses = lambda frame: None
    await ella.sent("a lot")
    assert line.said() == ["a lot"]


async def test_what_waited_goes_in_the_order_it_was_written(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with()
    seconds = {"first": 2.0, "second": 1.0, "third": 0.4}
    line.refuses = lambda frame: (
        {"code": "slow_down", "words": "Slow down.", "after": seconds.pop(frame["text"])}
        if frame["text"] in seconds
        else None
    )
    for words in list(seconds):
        await ella.write(words)
    await ella.sent("third")
    await ella.sent("first")
    assert line.said() == await ella.log() == ["first", "second", "third"]


async def test_a_refused_message_keeps_its_words_and_offers_two_ways_on(
    page: Page, line: ChatLine
) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with()
    line.refuses = lambda frame: {"code": "bad_frame", "words": "We could not keep that."}
    await ella.write("keep me")
    await ella.see(".failed", "We could not keep that.")
    await ella.see(".failed a", "Call")
    line.refuses = lambda frame: None
    await ella.press(".failed .tries button")
    await ella.sent("keep me")
    first, second = line.of("say")
    assert first["client_id"] == second["client_id"]


async def test_a_long_message_goes_as_several_and_loses_nothing(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with()
    words = " ".join(f"word{number}" for number in range(1500))
    assert len(words) > 2 * 4000
    await ella.write(words)
    await line.until(lambda: " ".join(line.said()) == words)
    assert all(len(text) <= 4000 for text in line.said())


async def test_what_is_said_is_text_and_never_markup(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with('<b id="name">Maya</b>')
    nasty = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    await line.advisor(nasty)
    await ella.see(".them", "onerror")
    await ella.write(nasty)
    await ella.sent("onerror")
    assert await ella.log() == [nasty, nasty]
    assert await page.title() == "Page"
    assert await ella["#log img, #log script, #name"].count() == 0


async def test_frames_that_make_no_sense_are_let_pass(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with()
    for raw in NONSENSE:
        for socket in line.sockets:
            await socket.send_text(raw)
    await line.advisor("still here")
    await ella.see(".them", "still here")
    assert await ella.log() == ["still here"]


async def test_while_the_service_cannot_keep_anything_the_number_is_shown(
    page: Page, line: ChatLine
) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with()
    words = "The chat does not answer just now. Please call."
    await line.tell({"t": "error", "code": "down", "words": words, "number": NUMBER})
    await ella.see("#bar a", NUMBER)
    await line.state("connected", name="Maya")
    await ella["#bar"].wait_for(state="hidden")
    await ella.write("still here")
    await ella.sent("still here")


async def test_when_the_token_is_dead_the_chat_has_ended(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with()
    await ella.write("goodbye then")
    await ella.sent("goodbye then")
    for socket in list(line.sockets):
        await socket.close(4003)
    await ella.see("#over", "The chat has ended.")
    assert await ella.log() == ["goodbye then"]
    await ella.press("#clear")
    await ella.see("[data-screen=ended]", "It is gone from this screen")
    assert await ella["#log *"].count() == 0


async def test_where_sockets_are_blocked_the_number_answers(page: Page, line: ChatLine) -> None:
    line.shut = True
    ella = await on_own_page(page, line)
    await ella.press("#begin")
    await ella.press("[data-screen=about] [data-find]")
    await ella.see("[data-screen=blocked] h1", "Chat cannot open here")
    await ella.see("[data-screen=blocked] .numberbig", NUMBER)
    line.shut = False
    await ella.press("#retry")
    await line.until(lambda: line.sockets)
    await ella.see("#wait")


async def test_a_network_that_began_too_many_chats_is_told_to_call(
    page: Page, line: ChatLine
) -> None:
    ella = await on_own_page(page, line)
    line.turns_away = "Too many chats have begun from this network. Please call."
    await ella.press("#begin")
    await ella.press("[data-screen=about] [data-find]")
    await ella.see("#bar", "Please call.")
    await ella.see("#bar", NUMBER)
