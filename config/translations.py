"""Brings the catalogues of translations up to the texts of the sources: `make messages`.

Entries are sorted and carry no line numbers, so that a catalogue changes only where a text does. Texts are found by
`config.translatable`, catalogues are compiled by `config.messages`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import polib

from config.messages import CATALOGUES, read_catalogue
from config.translatable import Message, find_messages

LANGUAGES = ("ko",)
HEADERS = {
    "Project-Id-Version": "Tutti",
    "Language": "",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
WIDTH = 110

Translations = dict[Message, polib.POEntry]


def update_catalogues(folders: Iterable[Path], language: str) -> int:
    """Rewrites each app's catalogue and returns how many messages still lack a translation.

    A message keeps its translation when it moves to another app; one that no source has is dropped.
    """
    paths = {folder: catalogue_path(folder, language) for folder in folders}
    known = known_translations(paths.values())
    return sum(_update(path, find_messages(folder.parent), known) for folder, path in paths.items())


def catalogue_path(folder: Path, language: str) -> Path:
    return folder / language / "LC_MESSAGES" / "django.po"


def known_translations(paths: Iterable[Path]) -> Translations:
    entries = (entry for path in paths if path.exists() for entry in read_catalogue(path))
    return {message_of(entry): entry for entry in entries if entry.translated()}


def message_of(entry: polib.POEntry) -> Message:
    return Message(entry.msgid, entry.msgid_plural, entry.msgctxt or "")


def _update(path: Path, messages: set[Message], known: Translations) -> int:
    if not messages and not path.exists():
        return 0
    catalogue = polib.POFile(wrapwidth=WIDTH)
    catalogue.metadata = HEADERS | {"Language": path.parts[-3]}
    catalogue.extend([_entry(message, known.get(message)) for message in sorted(messages)])
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    return len(catalogue.untranslated_entries())


def _entry(message: Message, known: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(msgid=message.one, msgid_plural=message.many, msgctxt=message.context or None)
    if message.many:
        entry.msgstr_plural = known.msgstr_plural if known else {0: ""}
    else:
        entry.msgstr = known.msgstr if known else ""
    return entry


if __name__ == "__main__":
    for code in LANGUAGES:
        missing = update_catalogues(CATALOGUES, code)
        sys.stdout.write(f"{code}: {missing} messages without a translation\n")
