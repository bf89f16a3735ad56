"""The rounds of a run: the first is the whole drawing, and each that a jump begins is a part of it once more.

`Rounds` is plain logic over the drawing and what jumps have begun; it says whose state counts for an activity in a round.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from django.db.models import Max
from django.utils.translation import gettext as _

from campaigns.graph import Graph
from campaigns.ways_back import repeated
from orchestration.exceptions import ActivityFailed
from orchestration.log import log_activity
from orchestration.models import ActivityRun, CampaignRun, Iteration

FIRST = 0
MOST_ROUNDS = 1000
"""How many rounds a run may have, however many its jumps allow together."""

Value = TypeVar("Value")


class Begun(NamedTuple):
    """What a jump has begun: round `number`, in which people go back to `to`, out of the round `parent`."""

    number: int
    parent: int
    to: str


@dataclass(frozen=True, slots=True)
class Round:
    """`part` is what is executed in it, in the order of the flow, and `graph` the drawing as it is for that part.

    `holders` names for each activity the round whose activity run counts in this one.
    """

    number: int
    graph: Graph
    part: tuple[str, ...]
    holders: Mapping[str, int]
    begun: Begun | None = None

    def begins_at(self, activity: str) -> bool:
        """Whether people came back to this activity, by no arrow."""
        return self.begun is not None and self.begun.to == activity

    def seen(self, values: Mapping[tuple[int, str], Value]) -> dict[str, Value]:
        """Of values by (round, activity), those that count in this round, by activity."""
        places = ((activity, (number, activity)) for activity, number in self.holders.items())
        return {activity: values[place] for activity, place in places if place in values}


class Rounds:
    """The rounds of a run so far, each after its parent."""

    def __init__(self, graph: Graph, begun: Sequence[Begun]) -> None:
        first = Round(FIRST, graph, graph.ordered(), dict.fromkeys(graph.ids, FIRST))
        self._rounds = {FIRST: first}
        self._parts: dict[str, tuple[Graph, tuple[str, ...]]] = {}
        for each in sorted(begun):
            self._rounds[each.number] = self._round(each, self._rounds[each.parent])

    def __iter__(self) -> Iterator[Round]:
        return iter(self._rounds.values())

    def __getitem__(self, number: int) -> Round:
        return self._rounds[number]

    def _round(self, begun: Begun, parent: Round) -> Round:
        graph, part = self._part(begun.to)
        holders = {**parent.holders, **dict.fromkeys(part, begun.number)}
        return Round(begun.number, graph, part, holders, begun)

    def _part(self, to: str) -> tuple[Graph, tuple[str, ...]]:
        if to not in self._parts:
            whole = self._rounds[FIRST].graph
            again = repeated(whole, to)
            part = tuple(each for each in whole.ordered() if each in again)
            self._parts[to] = (whole.begun_at(to), part)
        return self._parts[to]


def rounds_of(run: CampaignRun, graph: Graph) -> Rounds:
    begun = run.iterations.values_list("number", "jump__iteration", "to")
    return Rounds(graph, [Begun(*each) for each in begun])


def times_begun(run: CampaignRun, activity: str) -> int:
    """How many rounds a jump has begun in all of the run."""
    return run.iterations.filter(jump__activity_id=activity).count()


def begin_round(jump: ActivityRun, to: str, people: int) -> None:
    """Write down that people go back, in the transaction of the jump's work, which holds the run's lock."""
    last = Iteration.objects.filter(run=jump.run_id).aggregate(last=Max("number"))["last"] or FIRST
    if last >= MOST_ROUNDS:
        raise ActivityFailed(
            _(
                "This run has gone round %(most)d times, and no run may do so more often. Stop it, and let its jumps go"
                " back less often."
            )
            % {"most": MOST_ROUNDS}
        )
    begun = Iteration.objects.create(run_id=jump.run_id, number=last + 1, jump=jump, to=to)
    log_activity(jump, "round_begun", next=begun.number, people=people)
