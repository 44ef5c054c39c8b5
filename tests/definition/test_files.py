"""A file that cannot be read is told in one plain line, with what to do."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.definition.files import load, load_people, text_of
from app.definition.people import Person
from app.definition.problem import DefinitionProblems
from app.definition.weekly import read_weekly
from tests.definition.stories import GOOD, allowed

PERSON = """
[[people]]
service = "eden"
name = "Maya Okafor"
email = "maya@eden.example"
role = "advisor"
hub = "penrith"
skills = ["sexual-violence"]
phone = "+447700900301"
"""


def refused(path: Path) -> str:
    with pytest.raises(DefinitionProblems) as caught:
        load(path)
    assert caught.value.code == "definition"
    assert caught.value.status == 400
    return caught.value.words


def test_a_right_file_is_loaded_whatever_the_editor_added(tmp_path: Path) -> None:
    file = tmp_path / "eden.toml"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load(file).key == "eden"


def test_what_cannot_be_read_says_so(tmp_path: Path) -> None:
    file = tmp_path / "eden.toml"
    assert refused(file) == "eden.toml: There is no such file. Check the path."
    assert "Name the .toml file" in refused(tmp_path)
    file.write_bytes(b"\n\nname = '\xff'")
    assert refused(file) == "eden.toml:3: A letter here is not UTF-8. Save the file as UTF-8."
    file.write_bytes(b"#" * 1_000_001)
    assert "larger than 1 MB" in refused(file)
    file.write_text('key = "eden"\nnam = 1\n')
    assert refused(file).startswith("eden.toml:1: ")


def people_of(tmp_path: Path, text: str) -> str:
    file = tmp_path / "people.toml"
    file.write_text(text)
    with pytest.raises(DefinitionProblems) as caught:
        load_people(file, {"eden": allowed(GOOD)})
    return caught.value.words


def test_people_are_read_with_what_a_visitor_may_see(tmp_path: Path) -> None:
    file = tmp_path / "people.toml"
    file.write_text(PERSON)
    (maya,) = load_people(file, {"eden": allowed(GOOD)})
    assert (maya.first, maya.languages, maya.capacity) == ("Maya", ("en",), 2)
    assert text_of(file) == PERSON


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"eden"', '"edn"', 'people.toml:3: The service "edn" is not known. Did you mean "eden"?'),
        ('"penrith"', '"penrit"', 'people.toml:7: The hub "penrit" is not known.'),
        ('["sexual-violence"]', '["law"]', 'people.toml:8: The skill "law" is not known.'),
        ('"advisor"', '"adviser"', 'Did you mean "advisor"?'),
        ("maya@eden.example", "maya", 'people.toml:5: "maya" is not an e-mail address.'),
        ("+447700900301", "07700900301", "is not in international form"),
        ("[[people]]", "[[poeple]]", 'Did you mean "people"?'),
        ('role = "advisor"', 'role = "advisor"\ncapacity = 9', "Use a number from 1 to 6."),
        ('role = "advisor"', 'role = "advisor"\nlanguages = ["xx"]', "people.toml:7"),
    ],
)
def test_what_is_wrong_with_a_person_is_told(
    tmp_path: Path, old: str, new: str, said: str
) -> None:  # fmt: skip
    assert PERSON.count(old) == 1
    assert said in people_of(tmp_path, PERSON.replace(old, new))


def test_two_people_do_not_share_an_address_or_a_phone(tmp_path: Path) -> None:
    said = people_of(tmp_path, PERSON + PERSON)
    assert "Two people have the email maya@eden.example." in said
    assert "Two people have the phone +447700900301." in said


class TestShiftsAndStaffFacts:
    def read(self, tmp_path: Path, more: str) -> Person:
        file = tmp_path / "people.toml"
        file.write_text(PERSON + more)
        (maya,) = load_people(file, {"eden": allowed(GOOD)})
        return maya

    def test_weekly_rules_are_read(self, tmp_path: Path) -> None:
        maya = self.read(
            tmp_path,
            'shifts = ["mon-fri 22:00-08:00", "always"]\non_call = ["2 sat,sun 08:00-20:00"]\n',
        )
        assert maya.shifts == (read_weekly("mon-fri 22:00-08:00"), read_weekly("always"))
        assert maya.on_call == ((2, read_weekly("sat,sun 08:00-20:00")),)

    def test_gender_vetting_and_lapses_are_read(self, tmp_path: Path) -> None:
        maya = self.read(
            tmp_path,
            'gender = "woman"\nvetted_until = 2027-01-31\n'
            "lapses = { sexual-violence = 2027-03-31 }\n",
        )
        assert maya.gender == "woman"
        assert maya.vetted_until == date(2027, 1, 31)
        assert maya.lapses == (("sexual-violence", date(2027, 3, 31)),)

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ('shifts = ["mon 9-17"]', 'people.toml:10: The shift "mon 9-17" cannot be read.'),
            ('on_call = ["x daily 20:00-08:00"]', 'people.toml:10: "x" is no place in the order'),
            ("vetted_until = 2027", "vetted_until is not a date."),
            ("lapses = { law = 2027-03-31 }", 'The skill "law" is not known.'),
            ('gender = "lady"', "people.toml:10"),
            ('supervisor = "tom@eden.example"', "is not among the people."),
        ],
    )
    def test_what_is_wrong_names_its_line(self, tmp_path: Path, line: str, said: str) -> None:
        assert said in people_of(tmp_path, f"{PERSON}{line}\n")

    def test_a_level_has_a_number(self, tmp_path: Path) -> None:
        said = people_of(tmp_path, PERSON.replace("sexual-violence", "sexual-violence.x"))
        assert 'The level of "sexual-violence.x" is not known.' in said
