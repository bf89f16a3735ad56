"""Links that name a path of other links, such as the products of a customer by way of the purchases.

`campaigns.links` makes the joins themselves. A path holds joins only: a path among its steps is replaced by
what it stands for, so that no path can come back to itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.catalogue import cardinality_of, load_catalogue
from campaigns.introspection import CatalogueError
from campaigns.links import LinkNames, taken_slugs
from campaigns.models import Link, Table
from campaigns.naming import label_of, slug_of
from campaigns.targeting.attributes import MAX_STEPS, find_links
from campaigns.targeting.problems import RuleError
from campaigns.targeting.schema import Link as CatalogueLink

LEAST_STEPS = 2


@transaction.atomic
def add_link_path(source: Table, path: Sequence[str], *, names: LinkNames | None = None) -> Link:
    """A link that follows `path`, slugs of links from `source` on, and its inverse where every step has one.

    It leads to as many rows as the path does, each as often. Raises CatalogueError.
    """
    names = names or LinkNames()
    steps = _steps(source, path)
    target = Table.objects.get(slug=steps[-1].target)
    link = _create(source, target, steps, slug=names.slug, label=names.label)
    back = _way_back(steps)
    if back:
        inverse = _create(
            target, source, _steps(target, back), slug=names.inverse_slug, label=names.inverse_label
        )
        _pair(link, inverse)
    return link


def add_many_to_many(relation: Table, left: str, right: str, *, names: LinkNames | None = None) -> Link:
    """Link the two tables that `relation` relates: `left` and `right` are its to-one links to them.

    The link leads from the target of `left` to the target of `right`. Raises CatalogueError.
    """
    first = _join(relation, left)
    _join(relation, right)
    if left == right or first.inverse is None:
        raise CatalogueError(
            "catalogue.bad_relation",
            relation.slug,
            _("“%(link)s” has no other side to come from.") % {"link": left},
            _("Name two different links of “%(table)s”, each of which has an inverse.")
            % {"table": relation.slug},
        )
    return add_link_path(first.target, [first.inverse.slug, right], names=names)


def relation_links(relation: Table) -> tuple[str, str]:
    """The two to-one links of a table that relates two others; CatalogueError where there are not just two."""
    found = relation.links.filter(cardinality="one", path=[]).order_by("pk").values_list("slug", flat=True)
    match list(found):
        case [left, right]:
            return left, right
        case slugs:
            raise CatalogueError(
                "catalogue.bad_relation",
                relation.slug,
                _("“%(table)s” has %(count)d links to one row; a relation of two tables has two.")
                % {"table": relation.slug, "count": len(slugs)},
                _("Name the two links that are meant: %(links)s.") % {"links": ", ".join(slugs) or "–"},
            )


def broken_links() -> tuple[Link, ...]:
    """Links that rules no longer know, because a field or a link they need is gone."""
    known = load_catalogue().links
    rows = Link.objects.select_related("source", "target")
    return tuple(row for row in rows if (row.source.slug, row.slug) not in known)


def paths_through(link: Link) -> tuple[Link, ...]:
    """The paths that would break without this link."""
    known = load_catalogue().links
    rows = Link.objects.exclude(path=[]).select_related("source")
    wanted = (link.source.slug, link.slug)
    return tuple(row for row in rows if wanted in _keys(known.get((row.source.slug, row.slug))))


def _keys(path: CatalogueLink | None) -> set[tuple[str, str]]:
    return {(step.source, step.slug) for step in path.steps} if path else set()


def _steps(source: Table, path: Sequence[str]) -> tuple[CatalogueLink, ...]:
    catalogue = load_catalogue()
    try:
        steps = find_links(catalogue, catalogue.tables[source.slug], list(path), "")
    except RuleError as error:
        problem = error.problems[0]
        raise CatalogueError(
            "catalogue.bad_path", f"{source.slug}.{'.'.join(path)}"[:200], problem.message, problem.remedy
        ) from error
    if len(steps) < LEAST_STEPS:
        raise CatalogueError(
            "catalogue.short_path",
            f"{source.slug}.{'.'.join(path)}"[:200],
            _("A path follows at least two links."),
            _("Name two to %(most)d links, one after the other, such as purchases.product.")
            % {"most": MAX_STEPS},
        )
    return steps


def _pair(link: Link, inverse: Link) -> None:
    link.inverse, inverse.inverse = inverse, link
    link.save(update_fields=["inverse"])
    inverse.save(update_fields=["inverse"])


def _create(source: Table, target: Table, steps: Sequence[CatalogueLink], *, slug: str, label: str) -> Link:
    taken = taken_slugs(source)
    if slug:
        _refuse_unfit_slug(source, slug, taken)
    made = slug or slug_of(target.slug, taken=taken)
    return Link.objects.create(
        slug=made,
        label=label or (label_of(slug) if slug else target.label),
        source=source,
        target=target,
        on=[],
        path=[step.slug for step in steps],
        cardinality=cardinality_of(steps),
    )


def _refuse_unfit_slug(source: Table, slug: str, taken: Iterable[str]) -> None:
    if slug in taken:
        raise CatalogueError(
            "catalogue.link_taken",
            f"{source.slug}.{slug}",
            _("“%(table)s” has a field or a link “%(slug)s” already.") % {"table": source.slug, "slug": slug},
            _("Choose another slug."),
        )
    if slug_of(slug) != slug:
        raise CatalogueError(
            "catalogue.bad_slug",
            f"{source.slug}.{slug}"[:200],
            _("“%(slug)s” cannot be a slug.") % {"slug": slug[:80]},
            _("Use lower-case letters, digits and underscores, such as “%(like)s”.")
            % {"like": slug_of(slug)},
        )


def _way_back(steps: Sequence[CatalogueLink]) -> list[str]:
    """The inverses of the steps, last first; none where a step has no inverse."""
    rows = [Link.objects.select_related("inverse").get(source__slug=s.source, slug=s.slug) for s in steps]
    inverses = [row.inverse for row in reversed(rows)]
    return [each.slug for each in inverses if each] if all(inverses) else []


def _join(table: Table, slug: str) -> Link:
    found = table.links.select_related("target", "inverse").filter(slug=slug, path=[]).first()
    if found is None:
        known = ", ".join(table.links.filter(path=[]).values_list("slug", flat=True))
        raise CatalogueError(
            "catalogue.no_such_link",
            f"{table.slug}.{slug}"[:200],
            _("Table “%(table)s” has no link “%(name)s”.") % {"table": table.slug, "name": slug[:80]},
            _("Choose among: %(known)s.") % {"known": known or "–"},
        )
    return found
