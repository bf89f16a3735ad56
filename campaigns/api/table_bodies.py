"""What is sent to register, link, create and feed tables, and what is answered."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from campaigns.api.serializers import ProblemShape
from campaigns.ddl.reading import DIALECTS
from campaigns.models import ImportJob
from campaigns.models.catalogue import slug_is_a_name

NAME = 63
MOST_STEPS = 20
ON_ERROR = [("refuse", _("refuse them all")), ("skip", _("leave the row out"))]


class RegisterBody(serializers.Serializer[Any]):
    """What is to be known to rules: one table of the database or, without a name, all of a schema."""

    schema = serializers.CharField(max_length=NAME)
    name = serializers.CharField(max_length=NAME, required=False)
    slug = serializers.CharField(max_length=NAME, required=False, validators=[slug_is_a_name])
    key = serializers.ListField(
        child=serializers.CharField(max_length=NAME),
        required=False,
        max_length=32,
        help_text=_("The key columns of a table that has no key."),
    )


class RegisteredShape(serializers.Serializer[Any]):
    """The slugs of what became of each table; `notes` are sentences, `problems` name those left out."""

    registered = serializers.ListField(child=serializers.CharField())
    changed = serializers.ListField(child=serializers.CharField())
    unchanged = serializers.ListField(child=serializers.CharField())
    gone = serializers.ListField(child=serializers.CharField())
    notes = serializers.ListField(child=serializers.CharField())
    problems = ProblemShape(many=True)


class RefreshedShape(serializers.Serializer[Any]):
    """What a refresh found, as names of columns."""

    added = serializers.ListField(child=serializers.CharField())
    removed = serializers.ListField(child=serializers.CharField())
    returned = serializers.ListField(child=serializers.CharField())
    changed = serializers.ListField(child=serializers.CharField())
    notes = serializers.ListField(child=serializers.CharField())


class LinkBody(serializers.Serializer[Any]):
    """A name for a path of links from this table; or, of a table that relates two others, its two links."""

    path = serializers.ListField(
        child=serializers.CharField(max_length=NAME), required=False, min_length=1, max_length=MOST_STEPS
    )
    relation = serializers.ListField(
        child=serializers.CharField(max_length=NAME),
        required=False,
        min_length=2,
        max_length=2,
        help_text=_("The links to the two tables that this one relates."),
    )
    slug = serializers.CharField(max_length=NAME, required=False, validators=[slug_is_a_name])
    inverse_slug = serializers.CharField(max_length=NAME, required=False, validators=[slug_is_a_name])

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("path" in attrs) == ("relation" in attrs):
            raise serializers.ValidationError(_("Name either a path or the two links of a relation."))
        return attrs


class DdlBody(serializers.Serializer[Any]):
    """CREATE TABLE text; unless `dry_run` is false it is only read."""

    text = serializers.CharField(trim_whitespace=False)
    dialect = serializers.ChoiceField(list(DIALECTS.items()), default="postgres")
    dry_run = serializers.BooleanField(default=True)


class PlannedColumnShape(serializers.Serializer[Any]):
    """A column that is, or would be, created."""

    name = serializers.CharField()
    type = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer


class PlannedTableShape(serializers.Serializer[Any]):
    """A table that is, or would be, created."""

    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    key = serializers.ListField(child=serializers.CharField())
    columns = PlannedColumnShape(many=True)


class PlannedLinkShape(serializers.Serializer[Any]):
    """A link that is, or would be, made."""

    source = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    slug = serializers.CharField()
    target = serializers.CharField()


class DdlShape(serializers.Serializer[Any]):
    """What the text means, and what of it was passed over, with its lines."""

    created = serializers.BooleanField()
    tables = PlannedTableShape(many=True)
    links = PlannedLinkShape(many=True)
    notices = ProblemShape(many=True)


class FeedBody(serializers.Serializer[Any]):
    """Rows by the slugs of their fields. A field that a row lacks stays as it is; null empties it."""

    mode = serializers.ChoiceField(ImportJob.Mode.choices, default=ImportJob.Mode.UPSERT)
    on_error = serializers.ChoiceField(ON_ERROR, default="refuse")
    rows = serializers.ListField(child=serializers.JSONField())


class RowFaultShape(serializers.Serializer[Any]):
    """What is wrong with a row, counted from 1."""

    row = serializers.IntegerField()
    field = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()


class FedShape(serializers.Serializer[Any]):
    """What the feed did, by the number of its import. At most a thousand faults are listed."""

    number = serializers.IntegerField()
    inserted = serializers.IntegerField()
    updated = serializers.IntegerField()
    deleted = serializers.IntegerField()
    refused = serializers.IntegerField()
    faults = RowFaultShape(many=True)
