"""Folders of campaigns: read as one tree, changed one at a time.

Where a campaign is kept is no part of its document: moving it leaves the draft, its hash and its revision alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.audit import record
from campaigns.conflicts import refuse
from campaigns.models import Campaign, CampaignFolder

MOST_LEVELS = 8
MOST_FOLDERS = 2000
LONGEST_NAME = 80
SEPARATOR = " / "


@dataclass(frozen=True)
class Tree:
    """All folders as they were read at once. `own` counts the campaigns that lie in each, archived ones left out."""

    folders: Mapping[int, CampaignFolder]
    own: Mapping[int, int]

    def path(self, pk: int | None) -> list[CampaignFolder]:
        """From the top down to the folder itself; empty for none."""
        found: list[CampaignFolder] = []
        while pk is not None and pk in self.folders:
            found.insert(0, self.folders[pk])
            pk = self.folders[pk].parent_id
        return found

    def words(self, pk: int | None) -> str:
        return SEPARATOR.join(folder.name for folder in self.path(pk))

    def inside(self, pk: int | None) -> list[CampaignFolder]:
        """The folders that lie directly in this one, or at the top."""
        return self._inside[pk]

    def within(self, pk: int) -> set[int]:
        """The folder and every folder below it."""
        return {pk}.union(*(self.within(child.pk) for child in self.inside(pk)))

    def count(self, pk: int) -> int:
        """The campaigns in the folder and below it."""
        return sum(self.own.get(each, 0) for each in self.within(pk))

    def ordered(self, start: int | None = None, level: int = 0) -> Iterator[tuple[CampaignFolder, int]]:
        """Every folder behind the one it lies in, with its level."""
        for folder in self.inside(start):
            yield folder, level
            yield from self.ordered(folder.pk, level + 1)

    def height(self, pk: int) -> int:
        """How many levels the folder and what is below it take."""
        return 1 + max((self.height(child.pk) for child in self.inside(pk)), default=0)

    @cached_property
    def _inside(self) -> Mapping[int | None, list[CampaignFolder]]:
        found: defaultdict[int | None, list[CampaignFolder]] = defaultdict(list)
        for folder in sorted(self.folders.values(), key=lambda each: (each.name.casefold(), each.pk)):
            found[folder.parent_id].append(folder)
        return found


def load_tree() -> Tree:
    folders = {folder.pk: folder for folder in CampaignFolder.objects.all()}
    return Tree(folders, _counts() if folders else {})


def _counts() -> dict[int, int]:
    kept = Campaign.objects.exclude(state="archived").filter(folder__isnull=False)
    return dict(kept.order_by().values_list("folder").annotate(Count("pk")))


@transaction.atomic
def create_folder(name: str, *, parent: int | None = None, by: object = None) -> CampaignFolder:
    """A new folder; raises ProblemsError with what is wrong with its name or its place."""
    tree = _hold_tree()
    if len(tree.folders) >= MOST_FOLDERS:
        message = _("There are %(most)d folders already, which is the most.") % {"most": MOST_FOLDERS}
        refuse("folder.too_many", "", message, _("Delete folders that are empty."))
    folder = CampaignFolder(name=_checked_name(name), parent_id=_checked_place(tree, parent))
    _save(folder)
    record("folder.create", _subject(folder), by=by, name=folder.name)
    return folder


@transaction.atomic
def rename_folder(folder: CampaignFolder, name: str, *, by: object = None) -> None:
    _hold_tree()
    before, folder.name = folder.name, _checked_name(name)
    if folder.name != before:
        _save(folder)
        record("folder.rename", _subject(folder), by=by, before=before, after=folder.name)


@transaction.atomic
def move_folder(folder: CampaignFolder, parent: int | None, *, by: object = None) -> None:
    """Put the folder, and with it all that is in it, into another one, or to the top."""
    tree = _hold_tree()
    if parent in tree.within(folder.pk):
        refuse(
            "folder.into_itself",
            "/parent",
            _("A folder cannot lie in itself or in one of its own folders."),
            _("Choose a folder outside of “%(name)s”.") % {"name": folder.name},
        )
    before, folder.parent_id = folder.parent_id, _checked_place(tree, parent, height=tree.height(folder.pk))
    if folder.parent_id != before:
        _save(folder)
        places = {"before": tree.words(before), "after": tree.words(parent)}
        record("folder.move", _subject(folder), by=by, name=folder.name, **places)


@transaction.atomic
def delete_folder(folder: CampaignFolder, *, by: object = None) -> None:
    """Delete a folder in which nothing lies, not even an archived campaign."""
    tree = _hold_tree()
    campaigns, folders = folder.campaigns.count(), len(tree.inside(folder.pk))
    if campaigns or folders:
        message = _("“%(name)s” is not empty: %(campaigns)s and %(folders)s lie in it.") % {
            "name": folder.name,
            "campaigns": ngettext("%(count)d campaign", "%(count)d campaigns", campaigns)
            % {"count": campaigns},
            "folders": ngettext("%(count)d folder", "%(count)d folders", folders) % {"count": folders},
        }
        refuse("folder.not_empty", "", message, _("Move them elsewhere first, archived campaigns too."))
    subject = _subject(folder)
    folder.delete()
    record("folder.delete", subject, by=by, name=folder.name)


@transaction.atomic
def put_into_folder(campaigns: Iterable[Campaign], folder: int | None, *, by: object = None) -> int:
    """Move the campaigns into the folder, or out of any; answers how many were elsewhere before."""
    tree = _hold_tree(write=False)
    if folder is not None and folder not in tree.folders:
        _refuse_unknown("/folder")
    moved = [campaign for campaign in campaigns if campaign.folder_id != folder]
    Campaign.objects.filter(pk__in=[each.pk for each in moved]).update(folder=folder)
    for campaign in moved:
        words = {"before": tree.words(campaign.folder_id), "after": tree.words(folder)}
        record("campaign.move", f"campaign {campaign.slug}", by=by, **words)
        campaign.folder_id = folder
    return len(moved)


def _hold_tree(*, write: bool = True) -> Tree:
    """The tree as it is now and stays until the transaction ends: two moves at once could make a circle."""
    rows = CampaignFolder.objects.order_by("pk")
    held = rows.select_for_update() if write else rows.select_for_update(no_key=True)
    return Tree({folder.pk: folder for folder in held}, {})


def _checked_name(name: str) -> str:
    clean = " ".join(name.split())
    if not clean or len(clean) > LONGEST_NAME or not clean.isprintable():
        message = _("A folder needs a name of at most %(most)d characters.") % {"most": LONGEST_NAME}
        refuse("folder.bad_name", "/name", message, _("Give it a name, for example “Retention”."))
    return clean


def _checked_place(tree: Tree, parent: int | None, *, height: int = 1) -> int | None:
    if parent is not None and parent not in tree.folders:
        _refuse_unknown("/parent")
    if len(tree.path(parent)) + height > MOST_LEVELS:
        message = _("Folders may lie in each other %(most)d levels deep.") % {"most": MOST_LEVELS}
        refuse("folder.too_deep", "/parent", message, _("Choose a folder further up."))
    return parent


def _refuse_unknown(path: str) -> None:
    refuse("folder.unknown", path, _("This folder is not there."), _("Look at the folders again."))


def _save(folder: CampaignFolder) -> None:
    try:
        with transaction.atomic():
            folder.save()
    except IntegrityError:
        message = _("There is a folder “%(name)s” in the same place already.") % {"name": folder.name}
        refuse("folder.name_taken", "/name", message, _("Choose another name, or use that folder."))


def _subject(folder: CampaignFolder) -> str:
    return f"folder {folder.pk}"
