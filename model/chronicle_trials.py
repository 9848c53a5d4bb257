"""Trial packages in the chronicle: who carried which package along which edges, and the answer."""

from collections.abc import Iterator

import numpy as np

from model.chronicle_deals import DealLog, Entry
from model.rules.channels import routes
from model.rules.influence import graph_of
from model.schema.issues import sentences
from model.schema.scenario import Scenario
from model.sides import other_side

KIND = "trial package"


def trial_path(setting: Scenario, sender: int, carrier: str, number: int) -> list[str]:
    """Return the actors through whom a trial package went, from the sending side to the leader.

    sender: row of the side that sent it; number: which of the paths of the carrier it took.
    """
    leaders = {card.leader: side for side, card in setting.sides.items()}
    receiver = list(leaders)[other_side(sender)]
    return routes(graph_of(setting), carrier, leaders)[receiver][number]


class TrialLog(DealLog):
    """Describe trial packages, from the changes of states between weeks."""

    def trials(self, week: int) -> Iterator[Entry]:
        """Yield the trial package of the week: its carrier, its path, its contents, the answer."""
        if self.rose("trials", week) <= 0.0:
            return
        row = int(self.now("trial_sender", week))
        carrier = self.keys.actors[int(np.argmax(self.history["trial_carrier"][week]))]
        path = trial_path(self.setting, row, carrier, int(self.now("trial_path", week)))
        actors = self.setting.actors
        through = " to ".join(actors[key].title for key in path)
        levels = dict(zip(self.keys.issues, self.history["trial"][week], strict=True))
        warm = self.now("trial_answer", week) > 0.0
        text = (
            f"{actors[carrier].title} carries a trial package of {self.titles[row]} (from "
            f"{through}): {'; '.join(sentences(self.setting.issues, levels)) or 'nothing'}. "
            f"The answer is {'warm' if warm else 'cold'}."
        )
        if warm and self.now("trial_warm", week) <= 0.0:
            text += " It becomes known, and both sides disown it."
        yield Entry(week, self.keys.sides[row], KIND, text, {"warm": float(warm)})
