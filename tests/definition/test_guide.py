"""The guide for the person who writes a definition is complete, and its example works."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from app.definition import model
from app.definition.check import check
from app.definition.model import Service
from app.definition.shape import RUNG_KINDS
from app.definition.words import WORDS

GUIDE = (Path(model.__file__).parent / "README.md").read_text()
TABLES = (
    model.Service,
    model.Hub,
    model.Interpreter,
    model.Police,
    model.District,
    model.Line,
    model.Menu,
    model.MenuKey,
    model.Site,
    model.Rung,
    model.Crime,
    model.Provider,
    model.Lot,
    model.Timings,
    model.Routing,
)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_every_key_is_explained(table: type) -> None:
    written = {"words_in": "[words.cy]"}
    names = [written.get(part.name, part.name) for part in fields(table)]
    missing = [name for name in names if f"`{name}`" not in GUIDE]
    assert missing == []


def test_every_table_of_the_model_is_among_them() -> None:
    made = {value for value in vars(model).values() if hasattr(value, "__dataclass_fields__")}
    assert made == {*TABLES}


def test_every_word_and_every_rung_is_explained() -> None:
    assert [word for word in WORDS if f"| `{word}` |" not in GUIDE] == []
    assert [kind for kind in RUNG_KINDS if f'| `"{kind}"` |' not in GUIDE] == []


def test_what_is_left_out_is_what_the_guide_says() -> None:
    for usual in (model.Timings(), model.Routing()):
        for part in fields(usual):
            said = getattr(usual, part.name)
            left_out = "none" if said == () else said
            assert re.search(rf"\| `{part.name}` \|.*\| {left_out} \|", GUIDE), part.name


def test_the_smallest_file_works_and_each_part_of_it_is_needed() -> None:
    found = re.search(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    assert found is not None
    assert isinstance(check(found[1], "eden.toml"), Service)
    climbing = '[[ladder]]\nkind = "central"\nseconds = 60'
    for table in (*found[1].replace(f"{climbing}\n\n", "").split("\n\n"), "seconds = 60"):
        assert isinstance(check(found[1].replace(table, ""), "eden.toml"), list)
