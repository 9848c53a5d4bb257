"""The page of parameters says what the declarations say."""

from model.schema.parameters_page import PAGE, page
from model.schema.scenario import load_scenario


def test_the_page_is_what_the_declarations_give() -> None:
    told = PAGE.read_text(encoding="utf-8")
    assert told == page(), "python -m model.schema.parameters_page writes it anew"


def test_every_number_of_a_group_has_a_row() -> None:
    told = page()
    groups = ("sides.", "actors.", "constituencies.", "edges.", "issues.", "events.")
    for name in load_scenario("february_2025").parameters():
        if not name.startswith(groups):
            assert f"| `{name}` |" in told
