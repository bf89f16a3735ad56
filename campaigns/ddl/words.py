"""What is said of a line of a CREATE TABLE text, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.ddl.model import Code, Notice
from campaigns.problems import Problem

_SAID: Mapping[Code, tuple[str | Promise, str | Promise]] = {
    Code.NOT_UNDERSTOOD: (
        _("“%(words)s …” is no statement that describes tables."),
        _(
            "Take it out: only CREATE TABLE, CREATE TYPE … AS ENUM, CREATE DOMAIN, ADD CONSTRAINT and COMMENT count."
        ),
    ),
    Code.SYNTAX: (
        _("“%(words)s …” cannot be read. %(reason)s"),
        _("Correct it there, or choose the dialect it is written in."),
    ),
    Code.UNREADABLE: (
        _("The text cannot be read: %(reason)s"),
        _("Close every quote and every comment."),
    ),
    Code.TOO_DEEP: (
        _("“%(words)s …” is nested too deeply."),
        _("Take the nested condition out of the table."),
    ),
    Code.TOO_MANY_TABLES: (
        _("The text has %(found)s tables; at most %(most)s are created at once."),
        _("Divide it."),
    ),
    Code.DATA: (
        _("The text holds rows, not only tables."),
        _("Send the tables alone (pg_dump --schema-only), and the rows as CSV or Parquet files."),
    ),
    Code.NO_TABLES: (_("The text creates no table."), _("Paste at least one CREATE TABLE statement.")),
    Code.NO_COLUMNS: (_("This table has no columns."), _("List its columns with their types.")),
    Code.COPIED: (
        _("“%(words)s …” takes its columns from elsewhere."),
        _("Write the columns out: LIKE, INHERITS and AS SELECT are not followed."),
    ),
    Code.REPEATED_TABLE: (_("Table “%(table)s” is created twice."), _("Remove or rename one of the two.")),
    Code.REPEATED_COLUMN: (_("Column “%(column)s” stands there twice."), _("Rename one of the two.")),
    Code.TWO_KEYS: (_("Table “%(table)s” has two primary keys."), _("Keep one of them.")),
    Code.UNKNOWN_TABLE: (_("“%(words)s …” names a table that is not created here."), ""),
    Code.UNKNOWN_COLUMN: (
        _("Table “%(table)s” has no column “%(column)s”."),
        _("Correct the name in the key."),
    ),
    Code.IGNORED: (_("“%(words)s …” is passed over."), ""),
    Code.PARTITION: (_("“%(words)s …” is a partition; its rows belong to the partitioned table."), ""),
    Code.UNUSABLE_TYPE: (
        _("Column “%(column)s” is left out: rules have no type like “%(type)s”."),
        _("Declare it as text, a number or a date if it is needed."),
    ),
}


def problem_of(notice: Notice) -> Problem:
    """The notice as a problem at its line."""
    said, remedy = _SAID[notice.code]
    return Problem(
        f"ddl.{notice.code}", "", str(said) % notice.words, str(remedy) % notice.words, line=notice.line
    )


def sentence_of(notice: Notice) -> str:
    return problem_of(notice).message
