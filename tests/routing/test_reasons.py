"""What the desk reads: every reason in plain words."""

import pytest

from routing.reasons import Chosen, Climbed, Overflowed, Passed, Reason, Waits, spoken

HOME = Chosen("Penrith", (), (), only=False, idle=840)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-3, "0 s"), (59, "59 s"), (60, "1 min"), (840, "14 min"), (7500, "2 h 05")],
)
def test_a_length_of_time_as_it_is_said(seconds: int, said: str) -> None:
    assert spoken(seconds) == said


@pytest.mark.parametrize(
    ("reason", "code", "words"),
    [
        (HOME, "home.longest", "You, because: you are free and idle longest (14 min)."),
        (
            Chosen("Carlisle", (Passed("Penrith", "full"),), (), only=False, idle=840),
            "passed.longest",
            "You, because: Penrith is full; you are free and idle longest (14 min).",
        ),
        (
            Chosen("Penrith", (), ("sexual-violence",), only=True, idle=9, front=True),
            "home.trained.only",
            "You, because: you are the only one free. You are trained for sexual violence. "
            "Its advisor was lost.",
        ),
        (
            Chosen("Penrith", (), (), only=True, idle=9, again=True, interpreter="pl"),
            "home.interpreter.again.only",
            "You, because: you are the only one free. "
            "No speaker is free, so it comes with an interpreter. "
            "Nobody else can take it, so you are asked again.",
        ),
        (
            Waits("ahead", ("Penrith", "Carlisle")),
            "ahead",
            "Those free at Penrith and Carlisle go to people who are ahead in line.",
        ),
        (
            Waits("nobody", ("Penrith",)),
            "nobody",
            "Nobody at Penrith is on duty for this. The next seat that opens gets it.",
        ),
        (
            Waits("language", ("Penrith",)),
            "language",
            "Nobody free at Penrith speaks the language. An interpreter is next.",
        ),
        (
            Climbed("asked", "Penrith", "Carlisle"),
            "asked",
            "Everyone at Penrith was asked. Carlisle is asked at once.",
        ),
        (
            Overflowed("asked", "numbers"),
            "numbers.asked",
            "Everyone on duty was asked. The line's own numbers are rung.",
        ),
        (
            Overflowed("nobody", "message", again=True),
            "message.again",
            "Nobody is on duty for this. They are told so, with the number to call. "
            "The place is kept.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)
def test_each_reason_has_a_code_and_words(reason: Reason, code: str, words: str) -> None:
    assert (reason.code, reason.words()) == (code, words)


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (Passed("Penrith", "nobody"), "nobody at Penrith is on duty"),
        (Passed("Penrith", "break"), "Penrith is on a break"),
        (Passed("Penrith", "asked"), "Penrith was asked already"),
        (Passed("Penrith", "language"), "nobody free at Penrith speaks the language"),
    ],
    ids=lambda value: value.why if isinstance(value, Passed) else "",
)
def test_a_nearer_hub_is_passed_with_a_reason(passed: Passed, words: str) -> None:
    assert passed.words() == words
