"""Runs a rule over a dimension's table and answers the keys it selects."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils import timezone

from campaigns.catalogue import load_catalogue
from campaigns.models import TargetingDimension
from campaigns.targeting.render import render
from campaigns.targeting.rules import parse_rule
from campaigns.targeting.scope import Scope
from campaigns.targeting.statements import select_keys


def keys_of(dimension: TargetingDimension, rule: dict[str, Any]) -> set[Any]:
    scope = Scope(catalogue=load_catalogue(), table=dimension.table.slug, now=timezone.now(), zone="UTC")
    statement = render(select_keys(parse_rule(rule), scope))
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.parameters)
        return {row[0] for row in cursor.fetchall()}
