"""Every function by name, whatever its case; and what is known but refused."""

from __future__ import annotations

from collections.abc import Mapping

from campaigns.targeting.expressions.collections import AGGREGATE_FUNCTIONS
from campaigns.targeting.expressions.dates import DATE_FUNCTIONS
from campaigns.targeting.expressions.functions import Family, Function, Refused
from campaigns.targeting.expressions.logic import LOGIC_FUNCTIONS
from campaigns.targeting.expressions.numbers import NUMBER_FUNCTIONS
from campaigns.targeting.expressions.refused import REFUSED
from campaigns.targeting.expressions.texts import TEXT_FUNCTIONS

_ALL = (*AGGREGATE_FUNCTIONS, *DATE_FUNCTIONS, *NUMBER_FUNCTIONS, *LOGIC_FUNCTIONS, *TEXT_FUNCTIONS)

FUNCTIONS: Mapping[str, Function] = {each.name.lower(): each for each in _ALL}
REFUSALS: Mapping[str, Refused] = {each.name.lower(): each for each in REFUSED}


def functions_of(family: Family) -> list[Function]:
    return sorted((each for each in _ALL if each.family is family), key=lambda each: each.name.lower())
