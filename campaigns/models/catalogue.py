"""What rules may speak of: registered tables, their fields and links, and the targeting dimensions.

Rows here only describe PostgreSQL tables. `campaigns.registration` writes them, `campaigns.catalogue` turns
them into the frozen values that targeting works with; neither ever alters a table it describes.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaigns.targeting.schema import Cardinality, FieldType

slug_is_a_name = RegexValidator(
    r"^[a-z][a-z0-9_]*\Z",
    _(
        "Begin with a lower-case letter and go on with lower-case letters, digits and underscores, "
        "such as “order_line”."
    ),
)

FIELD_TYPES = [
    (FieldType.TEXT.value, _("text")),
    (FieldType.INTEGER.value, _("whole number")),
    (FieldType.DECIMAL.value, _("exact decimal number")),
    (FieldType.FLOAT.value, _("approximate number")),
    (FieldType.BOOLEAN.value, _("true or false")),
    (FieldType.DATE.value, _("date")),
    (FieldType.DATETIME.value, _("date and time")),
    (FieldType.UUID.value, _("UUID")),
    (FieldType.JSON.value, _("JSON")),
]
CARDINALITIES = [(Cardinality.ONE.value, _("one")), (Cardinality.MANY.value, _("many"))]
KEY_TYPES = (FieldType.INTEGER, FieldType.UUID, FieldType.TEXT)


class Table(models.Model):
    """A PostgreSQL table, view or foreign table that rules may query, known everywhere else by its slug."""

    class Origin(models.TextChoices):
        MANAGED = "managed", _("managed: created here from a file")
        EXTERNAL = "external", _("external: described, never altered")
        SYSTEM = "system", _("system: what Tutti itself records")

    class Kind(models.TextChoices):
        TABLE = "table", _("table")
        VIEW = "view", _("view")
        FOREIGN = "foreign", _("foreign table")

    slug = models.CharField(_("slug"), max_length=63, unique=True, validators=[slug_is_a_name])
    schema_name = models.CharField(_("schema"), max_length=63)
    table_name = models.CharField(_("name in the database"), max_length=63)
    label = models.CharField(_("label"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin, default=Origin.EXTERNAL)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind, default=Kind.TABLE)
    row_estimate = models.BigIntegerField(_("rows, estimated"), null=True, blank=True, editable=False)
    refreshed_at = models.DateTimeField(_("description read at"), db_default=Now(), editable=False)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("table")
        verbose_name_plural = _("tables")
        constraints = [
            models.UniqueConstraint(fields=["schema_name", "table_name"], name="a_table_is_registered_once"),
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z][a-z0-9_]*$"), name="table_slug_is_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Field(models.Model):
    """A column of a registered table. One with a `skipped_reason` is unknown to rules."""

    table = models.ForeignKey(Table, models.CASCADE, related_name="fields", verbose_name=_("table"))
    slug = models.CharField(_("slug"), max_length=63, validators=[slug_is_a_name])
    column_name = models.CharField(_("name in the database"), max_length=63)
    type = models.CharField(_("type"), max_length=8, choices=FIELD_TYPES, blank=True)
    database_type = models.CharField(_("type in the database"), max_length=200, blank=True, editable=False)
    skipped_reason = models.CharField(_("not usable because"), max_length=300, blank=True, editable=False)
    label = models.CharField(_("label"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    nullable = models.BooleanField(_("may be empty"), default=True)
    position = models.PositiveSmallIntegerField(_("position"))
    key_position = models.PositiveSmallIntegerField(_("position in the primary key"), null=True, blank=True)
    stored_zone = models.CharField(
        _("time zone of stored values"),
        max_length=64,
        blank=True,
        help_text=_("Where dates and times are stored without a zone: the zone they are meant in."),
    )
    enumeration = models.JSONField(_("allowed values"), default=dict, blank=True)
    deterministic = models.BooleanField(_("deterministic collation"), default=True, editable=False)
    hidden = models.BooleanField(_("not offered in rules"), default=False)
    personal = models.BooleanField(_("personal data"), default=False)

    class Meta:
        ordering = ["table", "position"]
        verbose_name = _("field")
        verbose_name_plural = _("fields")
        constraints = [
            models.UniqueConstraint(fields=["table", "slug"], name="field_slug_is_unique_in_table"),
            models.UniqueConstraint(fields=["table", "column_name"], name="a_column_is_registered_once"),
            models.UniqueConstraint(
                fields=["table", "key_position"],
                condition=Q(key_position__isnull=False),
                name="key_position_is_unique_in_table",
            ),
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z][a-z0-9_]*$"), name="field_slug_is_a_name"
            ),
            models.CheckConstraint(
                condition=(Q(type__in=[kind.value for kind in FieldType]) & Q(skipped_reason=""))
                | ~Q(skipped_reason=""),
                name="field_has_a_type_or_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def usable(self) -> bool:
        return not self.skipped_reason


class Link(models.Model):
    """A join from `source` to `target`; `on` pairs the field slugs that are equal, [[source, target], …].

    A link with a `path` joins nothing itself: it is a name for the links it lists, from `source` on, and leads
    from customers to products by way of purchases, say.

    Links come in pairs that are each other's `inverse`. A logical link promises nothing: `orphans_counted`
    says how many rows of the source point at nothing, None as long as nobody has counted.
    """

    slug = models.CharField(_("slug"), max_length=63, validators=[slug_is_a_name])
    label = models.CharField(_("label"), max_length=200)
    source = models.ForeignKey(Table, models.CASCADE, related_name="links", verbose_name=_("from"))
    target = models.ForeignKey(Table, models.CASCADE, related_name="links_in", verbose_name=_("to"))
    on = models.JSONField(_("equal fields"), default=list)
    path = models.JSONField(_("links on the way"), default=list, blank=True)
    cardinality = models.CharField(_("leads to"), max_length=4, choices=CARDINALITIES)
    inverse = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("inverse")
    )
    orphans_counted = models.BigIntegerField(_("rows without a match"), null=True, blank=True, editable=False)
    orphans_counted_at = models.DateTimeField(_("counted at"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["source", "slug"]
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [
            models.UniqueConstraint(fields=["source", "slug"], name="link_slug_is_unique_in_table"),
            models.CheckConstraint(condition=Q(slug__regex=r"^[a-z][a-z0-9_]*$"), name="link_slug_is_a_name"),
            models.CheckConstraint(
                condition=Q(cardinality__in=[kind.value for kind in Cardinality]),
                name="link_cardinality_is_known",
            ),
            models.CheckConstraint(
                condition=Q(orphans_counted__isnull=True, orphans_counted_at__isnull=True)
                | Q(orphans_counted__gte=0, orphans_counted_at__isnull=False),
                name="orphans_are_counted_at_a_time",
            ),
            models.CheckConstraint(
                condition=(Q(path=[]) & ~Q(on=[])) | (~Q(path=[]) & Q(on=[])),
                name="link_joins_fields_or_follows_links",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        if self.path:
            return
        if not _is_pairs(self.on):
            raise ValidationError(
                {
                    "on": _(
                        'Write at least one pair of field slugs, such as [["household_id", "household_id"]].'
                    )
                }
            )
        for source, target in self.on:
            _check_pair(self, source, target)


class TargetingDimension(models.Model):
    """A table people can be addressed by: which of its fields is the key, and which hold their addresses."""

    slug = models.CharField(_("slug"), max_length=63, unique=True, validators=[slug_is_a_name])
    label = models.CharField(_("label"), max_length=200)
    table = models.ForeignKey(Table, models.PROTECT, related_name="dimensions", verbose_name=_("table"))
    key_field = models.ForeignKey(Field, models.PROTECT, related_name="+", verbose_name=_("key"))
    name_field = models.ForeignKey(
        Field, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("name")
    )
    email_field = models.ForeignKey(
        Field, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("e-mail address")
    )
    phone_field = models.ForeignKey(
        Field, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("phone number")
    )
    push_token_field = models.ForeignKey(
        Field, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("push token")
    )
    language_field = models.ForeignKey(
        Field, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("language")
    )
    time_zone_field = models.ForeignKey(
        Field, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("time zone")
    )

    ROLES = ("name", "email", "phone", "push_token", "language", "time_zone")

    class Meta:
        ordering = ["slug"]
        verbose_name = _("targeting dimension")
        verbose_name_plural = _("targeting dimensions")
        constraints = [
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z][a-z0-9_]*$"), name="dimension_slug_is_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        for role in self.ROLES:
            _check_role(self, role)
        if self.key_field.table_id != self.table_id:
            raise ValidationError(
                {"key_field": _("The key is a field of another table; choose one of this table.")}
            )
        if self.key_field.type not in KEY_TYPES or not self.key_field.usable:
            raise ValidationError(
                {"key_field": _("A key must be a whole number, a UUID or text; this field is not.")}
            )


def _is_pairs(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_pair(pair) for pair in value)


def _is_pair(value: Any) -> bool:
    match value:
        case [str(), str()]:
            return True
        case _:
            return False


def _check_pair(link: Link, source_slug: str, target_slug: str) -> None:
    source = _usable_field(link.source, source_slug)
    target = _usable_field(link.target, target_slug)
    if source.type != target.type:
        raise ValidationError(
            {
                "on": _(
                    "“%(source)s” is %(source_type)s and “%(target)s” is %(target_type)s: only fields of one "
                    "type can be equal. Link another pair, or register a view that converts one of them."
                )
                % {
                    "source": source_slug,
                    "source_type": source.get_type_display(),
                    "target": target_slug,
                    "target_type": target.get_type_display(),
                }
            }
        )


def _usable_field(table: Table, slug: str) -> Field:
    field = table.fields.filter(slug=slug, skipped_reason="").first()
    if field is None:
        known = ", ".join(table.fields.filter(skipped_reason="").values_list("slug", flat=True))
        raise ValidationError(
            {
                "on": _("Table “%(table)s” has no field “%(field)s”. Choose among: %(known)s.")
                % {"table": table.slug, "field": slug, "known": known}
            }
        )
    return field


def _check_role(dimension: TargetingDimension, role: str) -> None:
    field: Field | None = getattr(dimension, f"{role}_field")
    if field is not None and (field.table_id != dimension.table_id or field.type != FieldType.TEXT):
        raise ValidationError({f"{role}_field": _("Choose a text field of the dimension's own table.")})
