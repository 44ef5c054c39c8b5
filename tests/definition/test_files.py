"""A file that cannot be read is told in one plain line, with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.definition.files import load, load_people, text_of
from app.definition.problem import DefinitionProblems
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
