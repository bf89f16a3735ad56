"""A collation that takes different texts for equal, or one that is only said to."""

from __future__ import annotations

import pytest
from django.db import NotSupportedError, connection, transaction

from tests.campaigns.shop import execute

_IN_NAME_ONLY = """
    CREATE COLLATION {name} (provider = builtin, locale = 'C.UTF-8');
    UPDATE pg_collation SET collisdeterministic = false WHERE oid = '{name}'::regcollation
"""


def make_loose_collation(name: str) -> None:
    try:
        with transaction.atomic():
            execute(
                f"CREATE COLLATION {name} (provider = icu, locale = 'und-u-ks-level2', deterministic = false)"
            )
    except NotSupportedError:
        execute(_IN_NAME_ONLY.format(name=name))


def skip_without_icu() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT collprovider FROM pg_collation WHERE NOT collisdeterministic")
        if cursor.fetchone() != ("i",):
            pytest.skip("NOT RUN: this PostgreSQL was built without ICU")
