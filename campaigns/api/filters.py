"""How the list of campaigns is narrowed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from django_filters.fields import IsoDateTimeField

from campaigns.models import Campaign
from campaigns.states import CAMPAIGN


class InstantField(IsoDateTimeField):  # type: ignore[misc]  # the library is untyped
    """An instant, whatever the offset it is written with: PostgreSQL knows offsets below 16 hours only."""

    def to_python(self, value: Any) -> datetime | None:
        read: datetime | None = super().to_python(value)
        try:
            return read and read.astimezone(UTC)
        except OverflowError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class InstantFilter(filters.IsoDateTimeFilter):  # type: ignore[misc]  # the library is untyped
    field_class = InstantField


class CampaignFilter(filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    """Several states are any of them, several tags all of them."""

    state = filters.MultipleChoiceFilter(choices=CAMPAIGN.choices, help_text=_("Any of these states."))
    tag = filters.CharFilter(method="with_tag", help_text=_("Campaigns with this tag."))
    folder = filters.NumberFilter(
        field_name="folder", help_text=_("Campaigns that lie in this folder itself, by its key.")
    )
    search = filters.CharFilter(
        method="with_words", help_text=_("Words of the name, the slug or the description.")
    )
    modified_after = InstantFilter(field_name="modified_at", lookup_expr="gte")
    modified_before = InstantFilter(field_name="modified_at", lookup_expr="lt")

    class Meta:
        model = Campaign
        fields: tuple[str, ...] = ()

    def with_tag(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(tags__contains=[value])

    def with_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        for word in value.split()[:10]:
            rows = rows.filter(
                Q(name__icontains=word) | Q(slug__icontains=word) | Q(description__icontains=word)
            )
        return rows
