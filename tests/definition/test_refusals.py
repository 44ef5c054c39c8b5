"""Each thing a definition may get wrong is refused by file, line and remedy.

Every story starts from a definition that is right: `changed` asserts that before it breaks it.
"""

from __future__ import annotations

import pytest

from app.definition.colour import NEEDED, WHITE, contrast
from app.definition.problem import DefinitionProblems, Problem
from tests.definition.stories import GOOD, allowed, changed, only_problem, problems_of

SECOND_LOT = """
[[lots]]
key = "second"
name = "Second"
provider = "safeline"
crimes = ["sexual"]
ages = [16, 25]
hubs = ["penrith"]
starts = 2028-03-31
ends = 2031-03-31
"""


def test_a_right_definition_becomes_a_service() -> None:
    service = allowed(GOOD)
    assert service.central.key == "central"
    assert service.line("textline").shown == "07700 900 142"
    assert service.number_to_call(service.line("textline")) == "08081 570 142"
    assert service.skills == {"sexual-violence"}


# Keys and shapes


def test_an_unknown_key_is_refused_with_the_one_that_was_meant() -> None:
    problem = only_problem(('towns = ["Penrith"]', 'town = ["Penrith"]'), at="town =")
    assert str(problem) == (
        'eden.toml:9: hub "penrith": "town" is not known here. Did you mean "towns"?'
    )


def test_an_unknown_key_near_nothing_is_told_what_there_is() -> None:
    problem = only_problem(("offer = 20", "zzz = 20"), at="zzz")
    assert problem.remedy == "Use one of: heartbeat, lease, offer, silent, wrap."


def test_a_missing_key_is_asked_for_with_an_example() -> None:
    problem = only_problem(('name = "Kendal"\n', ""), at=11)
    assert "name is missing" in problem.what


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ('name = "Eden"', "name = 7", "name = 7"),
        ('name = "Eden"', 'name = "  "', 'name = "  "'),
        ('name = "Eden"', 'name = "E\\u0000den"', "u0000"),
        ('name = "Eden"', f'name = "{"E" * 201}"', "EEE"),
        ('towns = ["Kendal"]', 'towns = "Kendal"', 'towns = "Kendal"'),
        ('towns = ["Kendal"]', 'towns = ["Kendal", 3]', "3]"),
        ("seconds = 60", 'seconds = "60"', 'seconds = "60"'),
        ("seconds = 60", "seconds = true", "seconds = true"),
        ("seconds = 60", "seconds = 60.5", "60.5"),
        ("starts = 2025-04-01", 'starts = "2025-04-01"', "starts"),
        ("starts = 2025-04-01", "starts = 2025-04-01T00:00:00", "starts"),
        ("ages = [0, 17]", "ages = [17, 0]", "ages"),
        ("ages = [0, 17]", "ages = 17", "ages"),
        ('hours = "08:00-20:00"', 'hours = "8 to 20"', "hours"),
        ('hours = "08:00-20:00"', 'hours = "08:00-08:00"', "hours"),
        ('key = "eden"', 'key = "Eden Valley"', "Eden Valley"),
        ("[timings]", "[[timings]]", "[[timings]]"),
        ('channels = ["sms"]', 'channels = ["text"]', '"text"'),
        ('kind = "numbers"', 'kind = "number"', '"number"'),
    ],
)
def test_a_value_of_the_wrong_shape_is_refused_on_its_line(old: str, new: str, at: str) -> None:
    assert only_problem((old, new), at=at).remedy


def test_a_table_that_should_be_a_list_is_refused() -> None:
    assert (
        "[[providers]]" in only_problem(("[[providers]]", "[providers]"), at="[providers]").remedy
    )


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('name = "Eden Supportline"', "name = Eden", 2),
        ('name = "Eden Supportline"', 'name "Eden"', 2),
        ('key = "eden"\n', 'key = "eden"\nkey = "eden"\n', 2),
        ('[[hubs]]\nkey = "penrith"', '[[hubs]\nkey = "penrith"', 5),
        ('"+441632960203"]', '"+441632960203"', 43),
    ],
)
def test_what_is_not_toml_is_told_by_its_line(old: str, new: str, line: int) -> None:
    (problem,) = problems_of(changed((old, new)))
    assert problem.line == line
    assert problem.what.startswith("This is not TOML: ")
    assert problem.remedy


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 5000, "a = " + "9" * 5000, 'a = "', "a = '''", "[", "\x00", "a"]
)
def test_no_text_at_all_makes_it_raise(text: str) -> None:
    (problem,) = problems_of(text)
    assert problem.remedy


def test_an_empty_file_is_told_everything_it_needs() -> None:
    found = problems_of("")
    told = " ".join(problem.what for problem in found)
    for part in ("key", "name", "force", "hub", "line", "ladder", "crime"):
        assert part in told


def test_everything_wrong_is_told_at_once_in_the_order_of_the_file() -> None:
    found = problems_of(
        changed(
            ('areas = ["LA7-LA9"]', 'areas = ["LA9-LA7"]'),
            ('line = "supportline"', 'line = "hotline"'),
            ("seconds = 60\n", ""),
            ('crimes = ["sexual"]', 'crimes = ["sexul"]'),
        )
    )
    assert [problem.line for problem in found] == sorted(problem.line for problem in found)
    assert len(found) == 4
    assert isinstance(DefinitionProblems(found), Exception)
    assert DefinitionProblems(found).words.count("\n") == 3


# Hubs and areas


def test_no_hub_at_all_is_refused() -> None:
    text = GOOD[: GOOD.index("[[hubs]]")] + GOOD[GOOD.index("[[lines]]") :]
    assert any("There is no hub." in problem.what for problem in problems_of(text))


def test_no_central_hub_is_refused() -> None:
    text = changed(("central = true", 'areas = ["CA17"]'))
    (problem,) = problems_of(text)
    assert problem.what == "No hub is the central hub."
    assert problem.line == 5


def test_two_central_hubs_are_refused() -> None:
    problem = only_problem(('hours = "08:00-20:00"', "central = true"), at=21)
    assert problem.what == 'Hub "central" is central, and so is another.'


def test_a_central_hub_does_not_close() -> None:
    problem = only_problem(
        ("central = true", 'central = true\nhours = "09:00-17:00"'), at="09:00-17:00"
    )
    assert "always staffed" in problem.remedy


@pytest.mark.parametrize(
    ("area", "why"),
    [
        ("QQ1-QQ3", "QQ1 is not an outward code"),
        ("LA9-LA7", "a range goes from the lower code to the higher"),
        ("LA7-CA9", "a range stays in one postcode area"),
        ("LA9 4AB", "LA9 4AB is not an outward code"),
        ("LA", "LA is not an outward code"),
        ("XX*", "there is no postcode area XX"),
        ("LA7-", "nothing is not an outward code"),
        ("SW1A-SW9", "a code that ends in a letter cannot be in a range"),
        ("LA07", "LA07 is not an outward code"),
    ],
)
def test_an_area_that_cannot_be_read_is_refused(area: str, why: str) -> None:
    problem = only_problem(('areas = ["LA7-LA9"]', f'areas = ["{area}"]'), at=f'"{area}"')
    assert why in problem.what


def test_ranges_of_two_hubs_may_not_meet() -> None:
    problem = only_problem(
        ('areas = ["LA7-LA9"]', 'areas = ["LA7-LA9", "CA12-CA14"]'), at="CA12-CA14"
    )
    assert problem.what == 'CA12 belongs to hub "penrith" and to hub "kendal".'


def test_a_whole_area_of_two_hubs_is_refused() -> None:
    text = changed(
        ('areas = ["LA7-LA9"]', 'areas = ["CA*"]'),
        ('areas = ["CA10-CA12", "CA16"]', 'areas = ["CA*"]'),
    )
    (problem,) = problems_of(text)
    assert problem.what.startswith('CA* belongs to hub "penrith"')
    assert problem.line == 14


def test_a_shared_code_is_allowed_when_both_name_it_and_their_towns_differ() -> None:
    both = ('areas = ["LA7-LA9"]', 'areas = ["LA7-LA9", "CA16"]')
    assert allowed(changed(both))
    (problem,) = problems_of(changed(both, ('towns = ["Kendal"]\n', "")))
    assert "CA16" in problem.what
    assert "towns" in problem.remedy


def test_naming_a_code_exactly_parts_two_ranges() -> None:
    text = changed(
        ('areas = ["CA10-CA12", "CA16"]', 'areas = ["CA10-CA12", "CA12", "CA16"]'),
        ('areas = ["LA7-LA9"]', 'areas = ["CA12-CA14"]'),
    )
    assert allowed(text)


def test_a_town_belongs_to_one_hub() -> None:
    problem = only_problem(('towns = ["Kendal"]', 'towns = ["penrith"]'), at='towns = ["penrith"]')
    assert 'hub "penrith" and to hub "kendal"' in problem.what


def test_a_hub_that_nothing_leads_to_is_refused() -> None:
    text = changed(
        ('areas = ["LA7-LA9"]\ntowns = ["Kendal"]\n', ""),
        ('  { digit = 2, hub = "kendal", label = "For Kendal" },\n', ""),
    )
    (problem,) = problems_of(text)
    assert problem.what == 'Nothing leads to hub "kendal".'


def test_a_provider_of_a_hub_must_be_known() -> None:
    problem = only_problem(
        ('hours = "08:00-20:00"', 'provider = "safelin"'), at='provider = "safelin"'
    )
    assert problem.remedy == 'Did you mean "safeline"?'


# Lines and menus


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("08081570142", "is not in international form"),
        ("+44 8081 570142", "is not in international form"),
        ("+441234567", "is not a number anyone can ring"),
        ("+33123456789", "is not a British number"),
        ("+448715550142", "costs the caller extra"),
        ("+449098790142", "costs the caller extra"),
    ],
)
def test_a_line_that_nobody_can_ring_freely_is_refused(number: str, why: str) -> None:
    text = changed(('shown = "08081 570 142"\n', ""), ('"+448081570142"', f'"{number}"'))
    (problem,) = problems_of(text)
    assert (why, problem.line) == (why, 25)
    assert why in problem.what


@pytest.mark.parametrize("number", ["+448001111456", "+442079460123", "+448081570199"])
def test_free_and_ordinary_british_numbers_are_taken(number: str) -> None:
    text = changed(('shown = "08081 570 142"\n', ""), ('"+448081570142"', f'"{number}"'))
    assert allowed(text).lines[0].shown.startswith("0")


def test_a_line_has_two_fallback_numbers() -> None:
    problem = only_problem((', "+441632960202"]', "]"), at='fallback = ["+441632960201"]')
    assert "fewer than two fallback numbers" in problem.what


def test_the_same_fallback_number_twice_is_one_number() -> None:
    found = problems_of(changed(('"+441632960202"', '"+441632960201"')))
    assert {problem.line for problem in found} == {28}
    assert any("fewer than two" in problem.what for problem in found)


def test_a_fallback_number_is_checked_like_any_other() -> None:
    assert "international" in only_problem(("+441632960202", "01632960202"), at="01632960202").what


def test_a_line_does_not_fall_back_on_itself() -> None:
    problem = only_problem(
        ("+441632960202", "+448081570142"), at='fallback = ["+441632960201", "+448081570142"]'
    )
    assert "circle" in problem.remedy


def test_two_lines_do_not_share_a_number() -> None:
    found = problems_of(changed(("+447700900142", "+448081570142"), ('["sms"]', '["voice"]')))
    assert [str(problem.line) for problem in found if "two lines" in problem.what] == ["39"]


def test_a_freephone_number_cannot_carry_texts() -> None:
    problem = only_problem(
        ('channels = ["voice"]', 'channels = ["voice", "sms"]'), at='"voice", "sms"'
    )
    assert "freephone" in problem.what


def test_what_is_shown_is_the_number_itself() -> None:
    assert "which is not" in only_problem(("08081 570 142", "08081 570 143"), at="570 143").what


def test_a_line_has_a_channel() -> None:
    assert only_problem(('channels = ["sms"]', "channels = []"), at="channels = []")


@pytest.mark.parametrize(
    "keys",
    [("hubs", "penrith"), ("lines", "supportline"), ("crimes", "other")],
)
def test_a_key_names_one_thing(keys: tuple[str, str]) -> None:
    part, key = keys
    other = {"hubs": "kendal", "lines": "textline", "crimes": "sexual"}[part]
    marker = {"hubs": 'name = "Kendal"', "lines": 'number = "+447', "crimes": 'label = "Sexual'}
    text = changed((f'key = "{other}"\n{marker[part]}', f'key = "{key}"\n{marker[part]}'))
    assert any(f"names two {part}" in problem.what for problem in problems_of(text))


def test_a_menu_key_names_a_hub_that_is_there() -> None:
    problem = only_problem(('hub = "kendal"', 'hub = "kendl"'), at="kendl")
    assert problem.remedy == 'Did you mean "kendal"?'


def test_a_menu_has_eight_keys_at_most_and_5_is_kept_free() -> None:
    free = (3, 4, 6, 7, 8, 9)
    more = "".join(f'  {{ digit = {n}, hub = "kendal", label = "K" }},\n' for n in free)
    at = '  { digit = 2, hub = "kendal", label = "For Kendal" },\n'
    assert allowed(changed((at, at + more)))
    tenth = '  { digit = 0, hub = "kendal", label = "K" },\n'
    found = problems_of(changed((at, at + more + tenth)))
    assert any("has 9 keys" in problem.what for problem in found)
    assert any('digit "0"' in problem.what for problem in found)
    problem = only_problem(("digit = 2", "digit = 5"), at="digit = 5")
    assert problem.what.endswith("digit 5 is kept free: people in danger press 55.")


def test_a_menu_key_leads_to_a_hub_or_to_a_language_the_phone_speaks() -> None:
    hub = 'hub = "kendal", label = "For Kendal"'
    named = 'force = "Cumbria Constabulary"'
    welsh = (named, f'{named}\nlanguages = ["en", "cy"]')
    polish = (named, f'{named}\nlanguages = ["en", "pl"]')
    assert allowed(changed(welsh, (hub, 'language = "cy", label = "Pwyswch 2."')))
    assert "leads nowhere" in only_problem((hub, 'label = "K"'), at='label = "K"').what
    problem = only_problem((hub, 'language = "cy", label = "K"'), at='language = "cy"')
    assert problem.what == 'The language "cy" is not one of this service.'
    problem = only_problem(polish, (hub, 'language = "pl", label = "K"'), at='language = "pl"')
    assert problem.what == 'The phone line does not speak "pl" yet.'


def test_a_line_offers_only_what_is_there() -> None:
    voice = 'channels = ["voice"]\n'
    for name in ("relay", "voicemail", "text_me"):
        sms = ('channels = ["sms"]', f'channels = ["sms"]\n{name} = true')
        assert "nobody can ring it" in only_problem(sms, at=f"{name} = true").what
    assert allowed(changed((voice, voice + "text_me = true\nvoicemail = true\n")))
    relay = only_problem((voice, voice + "relay = true\n"), at="[lines.menu]")
    assert relay.what.endswith("is for the text relay, where nobody can press a key.")
    sound = only_problem((voice, voice + 'hold_sound = "drums"\n'), at="drums")
    assert 'hold_sound "drums" is not known' in sound.what


def test_a_digit_stands_once_on_a_menu() -> None:
    assert "digit 1 twice" in only_problem(("digit = 2", "digit = 1"), at='hub = "kendal"').what


def test_a_menu_belongs_to_a_line_that_rings() -> None:
    text = changed(
        (
            '"sms"]\nfallback = ["+441632960201", "+441632960203"]',
            '"sms"]\nfallback = ["+441632960201", "+441632960203"]\n'
            '[lines.menu]\nsay = "Press 1."\nkeys = [{ digit = 1, hub = "kendal", label = "K" }]',
        ),
    )
    (problem,) = problems_of(text)
    assert "nobody can ring it" in problem.what


# Sites


@pytest.mark.parametrize(
    ("origin", "remedy"),
    [
        ("http://www.eden.example", "https://"),
        ("https://www.eden.example/chat", 'Write "https://www.eden.example".'),
        ("https://WWW.eden.example", 'Write "https://www.eden.example".'),
        ("https://www.eden.example:443", 'Write "https://www.eden.example".'),
        ("https://*.eden.example", "https://"),
        ("https://a:b@www.eden.example", 'Write "https://www.eden.example".'),
        ("www.eden.example", "https://"),
        ("https://", "https://"),
        ("https://www.eden.example:99999", "https://"),
        ("javascript:alert(1)", "https://"),
        ("http://127.0.0.1.eden.example", "https://"),
    ],
)
def test_a_site_is_embedded_over_https(origin: str, remedy: str) -> None:
    problem = only_problem(("https://www.eden.example", origin), at="origins =")
    assert remedy in problem.remedy


@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"]
)
def test_plain_http_is_for_this_computer_alone(origin: str) -> None:
    assert allowed(changed(("https://www.eden.example", origin)))


def test_a_site_shows_a_line_that_rings() -> None:
    assert (
        "nobody can ring"
        in only_problem(('line = "supportline"', 'line = "textline"'), at='line = "textline"').what
    )
    assert only_problem(('line = "supportline"', 'line = "suportline"'), at="suport").remedy == (
        'Did you mean "supportline"?'
    )


@pytest.mark.parametrize("address", ["http://www.bbc.co.uk", "/weather", "https://a@b.example/"])
def test_leaving_leads_to_a_whole_https_address(address: str) -> None:
    assert only_problem(('accent = "#1d5b57"', f'exit_url = "{address}"'), at="exit_url").remedy


def test_a_chat_stands_in_one_of_two_corners() -> None:
    accent = 'accent = "#1d5b57"'
    sites = allowed(GOOD).sites
    assert [site.position for site in sites] == ["right"]
    left = allowed(changed((accent, f'{accent}\nposition = "left"')))
    assert [site.position for site in left.sites] == ["left"]
    problem = only_problem((accent, f'{accent}\nposition = "top"'), at='position = "top"')
    assert "top" in problem.what


@pytest.mark.parametrize("accent", ["teal", "#123", "#12345g", "1d5b57"])
def test_an_accent_is_six_hex_digits(accent: str) -> None:
    assert "not a colour" in only_problem(("#1d5b57", accent), at="accent =").what


def test_an_accent_too_light_to_save_is_refused_with_the_nearest() -> None:
    problem = only_problem(("#1d5b57", "#ffee88"), at="accent =")
    assert problem.remedy.startswith("The nearest that can is #")


def test_an_accent_that_only_needs_darkening_is_taken() -> None:
    assert contrast("#2e9e94", WHITE) < NEEDED
    assert allowed(changed(("#1d5b57", "#2E9E94")))


# The ladder and its timings


def test_a_ladder_ends_on_a_number_or_a_promise() -> None:
    problem = only_problem(('kind = "numbers"', 'kind = "home" # again'), at="# again")
    assert "wait for ever" in problem.what


def test_an_honest_message_alone_is_no_end() -> None:
    problem = only_problem(('kind = "numbers"', 'kind = "message"'), at='kind = "message"')
    assert problem.what == 'The ladder ends on "message", and nobody owes the person anything.'
    assert problem.remedy == 'End it on "promise", a call-back that is recorded, or on "numbers".'
    allowed(changed(('kind = "numbers"', 'kind = "promise"')))
    allowed(changed(('kind = "central"\nseconds = 90', 'kind = "message"\nseconds = 5')))


NEIGHBOURS = 'key = "kendal"\nname = "Kendal"'
ASKED = ('kind = "central"', 'kind = "neighbours"')


def named(*neighbours: str) -> tuple[str, str]:
    listed = ", ".join(f'"{each}"' for each in neighbours)
    return (NEIGHBOURS, f"{NEIGHBOURS}\nneighbours = [{listed}]")


def test_neighbours_are_named_and_asked() -> None:
    allowed(changed(named("penrith"), ASKED))
    assert only_problem(ASKED, at='"neighbours"').remedy.startswith("Add neighbours")
    assert "no rung asks them" in only_problem(named("penrith"), at="neighbours =").what


def test_a_neighbour_is_another_hub_that_exists() -> None:
    assert only_problem(named("penrit"), ASKED, at="neighbours =").remedy == (
        'Did you mean "penrith"?'
    )
    assert "its own neighbour" in only_problem(named("kendal"), ASKED, at="neighbours =").what
    twice = only_problem(named("penrith", "penrith"), ASKED, at="neighbours =")
    assert twice.remedy == "Take one out."


def test_a_neighbour_belongs_to_the_same_provider() -> None:
    held = ('towns = ["Penrith"]', 'towns = ["Penrith"]\nprovider = "safeline"')
    problem = only_problem(named("penrith"), ASKED, held, at="neighbours =")
    assert "belong to two providers" in problem.what


# Who is asked


def routed(line: str) -> tuple[str, str]:
    return ("[timings]", f"[routing]\n{line}\n\n[timings]")


def test_a_crime_that_no_volunteer_takes_is_a_crime_of_the_service() -> None:
    allowed(changed(routed('volunteers_never = ["sexual"]')))
    problem = only_problem(routed('volunteers_never = ["sexuel"]'), at="sexuel")
    assert problem.remedy == 'Did you mean "sexual"?'
    twice = only_problem(routed('volunteers_never = ["sexual", "sexual"]'), at="never =")
    assert twice.remedy == "Take one out."


def test_head_starts_are_seconds_of_a_known_urgency() -> None:
    assert allowed(changed(routed("danger = 0"))).routing.danger == 0
    assert only_problem(routed("danger = -5"), at="-5").remedy == "Use a number from 0 to 86400."
    assert only_problem(routed("dangr = 5"), at="dangr").remedy == 'Did you mean "danger"?'


def test_a_level_is_of_some_skill() -> None:
    sexual = 'skill = "sexual-violence"'
    deep = allowed(changed((sexual, f"{sexual}\nlevel = 2"))).crime("sexual")
    assert deep is not None
    assert deep.training == "sexual-violence.2"
    assert "level 2 of no skill" in only_problem((sexual, "level = 2"), at="level = 2").what


def test_a_rung_before_the_last_has_seconds() -> None:
    problem = only_problem(("seconds = 60\n", ""), at=50)
    assert problem.what == 'Rung 1 of the ladder, "home", has no seconds.'


def test_the_last_rung_has_none() -> None:
    assert only_problem(
        ('kind = "numbers"', 'kind = "numbers"\nseconds = 61'), at="seconds = 61"
    ).remedy


def test_a_rung_gives_somebody_time_to_come_free() -> None:
    problem = only_problem(("seconds = 60", "seconds = 4"), at="seconds = 4")
    assert problem.remedy == "Give it 5 s or more."
    allowed(changed(("seconds = 60", "seconds = 5")))


def test_there_is_a_ladder() -> None:
    start, end = GOOD.index("[[ladder]]"), GOOD.index("[[providers]]")
    (problem,) = problems_of(GOOD[:start] + GOOD[end:])
    assert problem.what == "There is no ladder."


def test_an_offer_gives_time_to_answer() -> None:
    assert only_problem(("offer = 20", "offer = 4"), at="offer = 4").remedy == (
        "Use a number from 5 to 300."
    )


def test_a_lease_outlives_one_lost_heartbeat() -> None:
    assert "heartbeat" in only_problem(("lease = 35", "lease = 29"), at="lease = 29").what


# Lots


def test_the_dates_of_a_lot_run_forward() -> None:
    problem = only_problem(("2028-03-31", "2024-03-31"), at="ends = 2024")
    assert "before it starts" in problem.what


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("starts = 2028-03-31", "starts = 2028-04-01"),
        ("ages = [16, 25]", "ages = [18, 25]"),
        ('crimes = ["sexual"]\nages = [16', 'crimes = ["other"]\nages = [16'),
        ('hubs = ["penrith"]\nstarts = 2028', 'hubs = ["kendal"]\nstarts = 2028'),
    ],
)
def test_two_lots_for_one_need_are_refused_until_something_parts_them(old: str, new: str) -> None:
    last = "ends = 2028-03-31\n"
    text = changed((last, last + SECOND_LOT))
    (problem,) = problems_of(text)
    assert problem.what == 'Lots "sexual" and "second" both hold "sexual" on 2028-03-31.'
    assert text.count(old) == 1
    assert allowed(text.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('provider = "safeline"', 'provider = "safelines"'),
        ('crimes = ["sexual"]', 'crimes = ["sexuall"]'),
        ('hubs = ["penrith"]', 'hubs = ["penrit"]'),
    ],
)
def test_what_a_lot_names_is_there(old: str, new: str) -> None:
    assert only_problem((old, new), at=new).remedy.startswith("Did you mean")


# Words


def test_a_language_is_known_by_its_code() -> None:
    name = 'name = "Eden Supportline"'
    problem = only_problem((name, f'{name}\nlanguages = ["en", "polish"]'), at="polish")
    assert problem.remedy == 'Did you mean "pl"?'


def test_a_zone_is_one_of_ours() -> None:
    name = 'name = "Eden Supportline"'
    assert (
        "Europe/London" in only_problem((name, f'{name}\nzone = "Europe/Londn"'), at="Londn").remedy
    )


def test_a_nation_is_one_of_ours() -> None:
    name = 'name = "Eden Supportline"'
    problem = only_problem((name, f'{name}\nnation = "wale"'), at="wale")
    assert '"wales"' in problem.remedy


@pytest.mark.parametrize(
    ("old", "at"),
    [
        ("Hello. A person will be with you.", "greeting"),
        ("Press a key for the team near you.", "say ="),
        ('asks = "Something sexual"', "asks = "),
    ],
)
def test_a_sentence_has_twenty_words_at_most(old: str, at: str) -> None:
    quoted = old.partition('"')[2].strip('"') or old
    twenty = " ".join(["word"] * 20)
    assert allowed(changed((old, old.replace(quoted, twenty))))
    found = problems_of(changed((old, old.replace(quoted, twenty + " more"))))
    assert [problem.what for problem in found] == [
        'The sentence "word word word word word ..." has more than 20 words.'
    ]
    assert at in changed((old, old.replace(quoted, "here"))).splitlines()[found[0].line - 1]


@pytest.mark.parametrize("alone", ["code_phrase", "harmless"])
def test_a_code_phrase_and_its_page_come_together(alone: str) -> None:
    problem = only_problem(('greeting = "', f'{alone} = "Closed."\ngreeting = "'), at="[words]")
    assert problem.what == '"code_phrase" and "harmless" come together, and only one is here.'


def test_emergency_words_are_not_the_services_to_change() -> None:
    problem = only_problem(('greeting = "', 'emergency = "'), at="emergency")
    assert "is not known here" in problem.what


def test_a_problem_reads_as_one_line() -> None:
    assert (
        str(Problem("a.toml", 3, "This is wrong.", "Mend it."))
        == "a.toml:3: This is wrong. Mend it."
    )
    assert str(Problem("a.toml", 0, "Gone.", "Look.")) == "a.toml: Gone. Look."
