"""Build the figures of an experiment by name: its pictures and its verdicts."""

from collections.abc import Callable, Sequence
from functools import partial

from matplotlib.figure import Figure

from experiments.factorial.contrasts import Contrasts
from experiments.factorial.findings import Finding
from experiments.measures import MEASURES
from experiments.plots.experiment import caption, picture
from experiments.plots.verdicts import pages, verdicts

type Drawn = tuple[str, Callable[[], Figure]]


def experiment_gallery(
    contrasts: Contrasts, findings: Sequence[Finding], seed: int
) -> dict[str, Drawn]:
    """Return the title and drawing function of each figure by name; nothing is drawn until called.

    Names: findings, findings_2, ... for the verdicts; MEASURE_over_FACTOR for the pictures, with a
    number if two pictures would have the same name.
    """
    experiment, foot = contrasts.experiment, caption(contrasts, seed)
    figures: dict[str, Drawn] = {}
    for number, page in enumerate(pages(findings), 1):
        title = f"Findings: {experiment.title}" + (f" ({number})" if number > 1 else "")
        figures[_free("findings", figures)] = (title, partial(verdicts, title, page, foot))
    for one in experiment.pictures:
        titles = [experiment.factors[key].title for key in (one.over, one.by, one.panel) if key]
        measure = MEASURES[one.measure]
        figures[_free(f"{one.measure}_over_{one.over}", figures)] = (
            f"{measure.title} ({measure.unit}) over {' × '.join(titles)}",
            partial(picture, contrasts, one, foot),
        )
    return figures


def _free(name: str, taken: dict[str, Drawn]) -> str:
    """Return a name that no other figure has.

    >>> _free("a", {}), _free("a", {"a": None}), _free("a", {"a": None, "a_2": None})
    ('a', 'a_2', 'a_3')
    """
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free
