"""Acts on the catalogue and on managed tables: register, refresh, link, create from CREATE TABLE text, feed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, ClassVar

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from campaigns.api.door import Door
from campaigns.api.feed_formats import RowLinesParser, RowsParser
from campaigns.api.idempotency import idempotent
from campaigns.api.parameters import IDEMPOTENCY_KEY
from campaigns.api.permissions import Need
from campaigns.api.table_bodies import (
    DdlBody,
    DdlShape,
    FedShape,
    FeedBody,
    LinkBody,
    RefreshedShape,
    RegisterBody,
    RegisteredShape,
)
from campaigns.api.table_shapes import LinkShape
from campaigns.audit import record
from campaigns.ddl.creation import create_tables
from campaigns.ddl.planning import DdlPlan, plan_tables
from campaigns.imports.feeds import feed_rows
from campaigns.link_paths import add_link_path, add_many_to_many
from campaigns.links import LinkNames
from campaigns.models import ImportJob
from campaigns.registration import refresh_table, register_table
from campaigns.schema_registration import SchemaRegistration, register_schema


class TableActs(Door):
    """Mixed into the viewset of tables. Addresses of no table have a hyphen, which no slug has."""

    needs: ClassVar = {
        "register": Need("write", "campaigns.add_table"),
        "from_ddl": Need("write", "campaigns.add_table"),
        "refresh": Need("write", "campaigns.change_table"),
        "links": Need("write", "campaigns.add_link"),
        "rows": Need("write", "campaigns.add_importjob"),
    }

    @extend_schema(request=RegisterBody, responses={200: RegisteredShape}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=False, methods=["post"], url_path="register-schema")
    @idempotent()
    def register(self, request: Any) -> Response:
        """Make tables that exist already known to rules, and read known ones again. Nothing in them is changed."""
        asked = _valid(RegisterBody, request)
        done = _register_one(asked) if "name" in asked else register_schema(asked["schema"])
        with transaction.atomic():
            for made in done.registered:
                record("catalogue.register_table", f"table {made.table.slug}", by=request.user)
            for table, _changes in done.changed:
                record("catalogue.refresh_table", f"table {table.slug}", by=request.user)
        return Response(_registered(done))

    @extend_schema(request=None, responses={200: RefreshedShape}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    @idempotent()
    def refresh(self, request: Any, slug: str) -> Response:
        """Read the columns of the table again."""
        changes = refresh_table(self.get_object())
        record("catalogue.refresh_table", f"table {slug}", by=request.user)
        return Response(asdict(changes))

    @extend_schema(request=LinkBody, responses={201: LinkShape}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    @idempotent()
    def links(self, request: Any, slug: str) -> Response:
        """Name a path of links, both ways: from many to many, by way of the tables between."""
        asked, table = _valid(LinkBody, request), self.get_object()
        names = LinkNames(slug=asked.get("slug", ""), inverse_slug=asked.get("inverse_slug", ""))
        if "path" in asked:
            made = add_link_path(table, asked["path"], names=names)
        else:
            made = add_many_to_many(table, *asked["relation"], names=names)
        record("catalogue.add_link", f"table {made.source.slug}", by=request.user, link=made.slug)
        return Response(LinkShape(made).data, status=201)

    @extend_schema(request=DdlBody, responses={200: DdlShape}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=False, methods=["post"], url_path="from-ddl", parser_classes=[RowsParser])
    @idempotent()
    def from_ddl(self, request: Any) -> Response:
        """What a CREATE TABLE text would create; and creating it, all of it or nothing. No SQL is executed."""
        asked = _valid(DdlBody, request)
        plan = plan_tables(asked["text"], asked["dialect"])
        if not asked["dry_run"]:
            made = create_tables(plan)
            record("catalogue.create_tables", f"table {made[0].slug}", by=request.user, number=len(made))
        return Response(_planned(plan, created=not asked["dry_run"]))

    @extend_schema(request=FeedBody, responses={200: FedShape}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"], parser_classes=[RowsParser, RowLinesParser])
    @idempotent()
    def rows(self, request: Any, slug: str) -> Response:
        """Insert, update or delete rows of a managed table by their key, up to 50,000 at once."""
        asked = _valid(FeedBody, request, many="rows")
        fed = feed_rows(
            self.get_object(),
            asked["rows"],
            mode=ImportJob.Mode(asked["mode"]),
            partial=asked["on_error"] == "skip",
            by=request.user,
        )
        return Response(
            {
                "number": fed.job.pk,
                **asdict(fed.outcome),
                "refused": fed.refused,
                "faults": [asdict(fault) for fault in fed.faults],
            }
        )


def _valid(body: Any, request: Any, *, many: str = "") -> dict[str, Any]:
    """The checked body. Members of `many` are a list that is checked elsewhere, row by row."""
    data = request.data
    listed = data.get(many) if isinstance(data, Mapping) else None
    plain = {**data, many: []} if isinstance(listed, list) else data
    checked = body(data=plain)
    checked.is_valid(raise_exception=True)
    return {**checked.validated_data, **({many: listed} if isinstance(listed, list) else {})}


def _register_one(asked: Mapping[str, Any]) -> SchemaRegistration:
    made = register_table(
        asked["schema"], asked["name"], slug=asked.get("slug", ""), key=asked.get("key", ())
    )
    return SchemaRegistration(registered=(made,))


def _registered(done: SchemaRegistration) -> dict[str, Any]:
    notes = [f"{made.table.slug}: {note}" for made in done.registered for note in made.notes]
    notes += [f"{table.slug}: {note}" for table, changes in done.changed for note in changes.notes]
    return {
        "registered": [made.table.slug for made in done.registered],
        "changed": [table.slug for table, _changes in done.changed],
        "unchanged": [table.slug for table in done.unchanged],
        "gone": [table.slug for table in done.gone],
        "notes": notes,
        "problems": [problem.as_dict() for problem in done.refused],
    }


def _planned(plan: DdlPlan, *, created: bool) -> dict[str, Any]:
    tables = [
        {
            "slug": table.slug,
            "label": table.label,
            "key": list(table.key),
            "columns": [
                {"name": column.name, "type": column.type.value, "label": column.label}
                for column in table.columns
            ],
        }
        for table in plan.tables
    ]
    links = [{"source": link.source, "slug": link.slug, "target": link.target} for link in plan.links]
    notices = [problem.as_dict() for problem in plan.notices]
    return {"created": created, "tables": tables, "links": links, "notices": notices}
