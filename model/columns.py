"""Declare the result columns: name, unit, type and meaning of each column of `Run.outcomes`.

`COLUMNS` is the only list of result columns. Parquet and xarray metadata, the manifest, the report,
docs/columns.md and the Model page of the app derive from it. The declarations are in the layer
`model`, because model/records.py produces the columns; columns that a study adds, such as `arm` and
`point`, are declared in experiments/columns.py. To add a column, add a line here and its values in
records.py.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from model.outcomes import COMPREHENSIVE, MINI, outcome_keys
from model.schema.entries import Shock
from model.schema.parameters import NO_UNIT

if TYPE_CHECKING:
    from model.schema.scenario import Scenario

type Kind = Literal["number", "whole number", "yes or no", "text", "list"]

UNITS = {
    "share": "0 to 1: a fraction, so that 0.25 is 25 %",
    "share of import value": "0 to 1 and above: a tariff of 0.25 is 25 %",
    "percent of the start": "percent: -1.0 is one percent below the start",
    "0 to 1": "a level or a strength, from none to full",
    "points": "points of utility, as in the scenario's stakes; no deal is worth 0",
    "week": "number of a week, counted from the start",
    "weeks": "a duration",
    "times": "a count",
}
# What a name stands for in the meaning of a family of columns, if no scenario is given.
ANY = {
    "side": "a side",
    "region": "a region",
    "issue": "an issue",
    "shock": "a shock",
    "parameter": "a swept parameter",
    "level": "the given",
}
REST_OF_WORLD = "the rest of the world"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Column:
    """One result column, or a family of columns such as `tariff_{side}_peak`.

    A family has one column for each side, region, issue or shock of a scenario; the placeholder in
    its name and meaning says which.
    """

    name: str
    unit: str
    meaning: str
    kind: Kind = "number"

    @property
    def over(self) -> str:
        """Return what a family has a column for: side, region, issue or shock; "" if no family."""
        match = _PLACEHOLDER.search(self.name)
        return match[1] if match else ""

    def of(self, key: str, title: str) -> "Column":
        """Return the column of a family for one key, with the title in its meaning.

        >>> Column("trust_{side}", "0 to 1", "trust of {side}").of("us", "the United States")
        Column(name='trust_us', unit='0 to 1', meaning='trust of the United States', kind='number')
        """
        mark = f"{{{self.over}}}"
        return replace(
            self, name=self.name.replace(mark, key), meaning=self.meaning.replace(mark, title)
        )


COLUMNS = (
    Column("outcome", NO_UNIT, f"how the world ended: {', '.join(outcome_keys())}", "text"),
    Column("agreement_week", "week", "week in which the first deal came into force, if any"),
    Column(
        "tariff_{side}_peak",
        "share of import value",
        "highest average tariff of {side} on the other side",
    ),
    Column(
        "tariff_{side}_final",
        "share of import value",
        "average tariff of {side} on the other side at the end",
    ),
    Column(
        "real_income_{region}",
        "percent of the start",
        "change of the real income of {region}, mean over the simulated weeks",
    ),
    Column(
        "utility_{side}",
        "points",
        "worth to {side} of the deal in force at the end, when it was made; 0 without one",
    ),
    Column("enforcement", "0 to 1", "enforcement in the deal in force at the end, if any"),
    Column(
        "compliance",
        "share",
        "share of what was due that the side which delivered less has delivered, mean over the "
        "weeks of the last deal, if any",
    ),
    Column("threats_{side}", "times", "threats that {side} made in public"),
    Column("executed_{side}", "times", "threats that {side} carried out"),
    Column("involuntary_defections", "times", "accepted packages that failed at home"),
    Column("trust_{side}", "0 to 1", "trust of {side} in the other side's promises at the end"),
    Column("approval_{side}", "share", "approval of the leader of {side} at the end"),
    Column(
        "pareto_gap", "points", "gain that the deal in force at the end, if any, left to both sides"
    ),
    Column(
        "nash_gap",
        "points",
        "distance of the deal in force at the end from the Nash point, if any",
    ),
    Column(
        "agreed_{issue}", "0 to 1", "level agreed in the deal in force at the end, if any: {issue}"
    ),
    Column("deals", "times", "deals that came into force"),
    Column(
        "last_deal",
        NO_UNIT,
        f"kind of the last deal: {MINI.key}, {COMPREHENSIVE.key}, or empty without one",
        "text",
    ),
    Column("broken_week", "week", "week in which a deal was last ended, if any"),
    Column("broken_by", NO_UNIT, "side that fell short in the deal that was last ended", "text"),
    Column("refused_by", NO_UNIT, "side that refused to ratify the last failed package", "text"),
    Column(
        "structural",
        NO_UNIT,
        "whether the deal in force at the end has an issue of technology or structure at 0.3 or "
        "more",
        "yes or no",
    ),
    Column("stance_abroad", "0 to 1", "firmness of third parties at the end; 0 without any"),
    Column("truces", "times", "truces"),
    Column("summits", "times", "meetings of the leaders"),
    Column("sessions", "times", "sessions of all kinds"),
    Column("leaks", "times", "back channels that were found out"),
    Column("trials", "times", "trial packages that arrived through back channels"),
    Column("warm_trials", "share", "share of these with a warm answer, if there were any"),
    Column("trial_deal", NO_UNIT, "whether the last deal began as a trial package", "yes or no"),
    Column("answers_{side}", "times", "tariff rises of the other side that {side} answered"),
    Column("backed_down_{side}", "times", "threats from which {side} backed down"),
    Column("postponed_{side}", "times", "threats that {side} postponed"),
    Column("gestures_{side}", "times", "small unprompted tariff cuts by {side}"),
    Column("revoked_{side}", NO_UNIT, "1 if {side} revoked normal trade relations, else 0"),
    Column(
        "delivered_sum_{side}",
        "weeks",
        "deliveries of {side} in the last deal, in weeks of full delivery",
    ),
    Column(
        "compensation_{side}",
        "points",
        "compensation that the leader of {side} promised to groups at home, weighted by the groups",
    ),
    Column("deal_weeks", "weeks", "weeks of delivery in the last deal"),
    Column("shock_{shock}", "times", "how often this happened: {shock}"),
)


def result_columns(setting: "Scenario") -> dict[str, Column]:
    """Return the declared columns of a scenario's results by name, in the order of the table."""
    titles = _titles(setting)
    expanded: dict[str, Column] = {}
    for column in COLUMNS:
        names = titles.get(column.over, {"": ""})
        for key, title in names.items():
            one = column.of(key, title) if column.over else column
            expanded[one.name] = one
    return expanded


def declared_column(name: str, columns: Sequence[Column] = COLUMNS) -> Column | None:
    """Return the declaration of a column, of any scenario, or None if there is none.

    >>> declared_column("tariff_us_peak").unit, declared_column("tariff_us_peek")
    ('share of import value', None)
    """
    for column in columns:
        start, _, end = column.name.partition(f"{{{column.over}}}")
        key = name.removeprefix(start).removesuffix(end)
        if name == column.name or (column.over and key and name == f"{start}{key}{end}"):
            return column.of(key, ANY[column.over]) if column.over else column
    return None


def _titles(setting: "Scenario") -> Mapping[str, Mapping[str, str]]:
    """Return the keys and titles that families of columns are over."""
    sides = {side.lower(): card.named for side, card in setting.sides.items()}
    return {
        "side": sides,
        "region": sides | {"row": REST_OF_WORLD},
        "issue": {
            key: f"{card.title} (1 is {card.amount:,.6g} {card.unit})"
            for key, card in setting.issues.items()
        },
        "shock": {card.key: card.title for _, card in setting.of_kind(Shock)},
    }
