"""Writes consent and suppression: what a person said, and which addresses must not be used.

Every statement is kept as a record; the present consent is the last one and can be derived from the records
alone. Whether a message may go out is asked by the engine in the statement that claims it, not here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from campaigns.models import Channel, ConsentState, Suppression, TargetingDimension
from campaigns.models.consent import canonical_address

LONGEST_KEY = 200

# The row of campaigns_consent is locked before the record gets its number, so that the order of the records
# is the order in which they took effect.
_SET_CONSENT = """
INSERT INTO campaigns_consent (dimension_id, recipient_key, channel, state, changed_at)
VALUES (%(dimension_id)s, %(recipient_key)s, %(channel)s, %(state)s, statement_timestamp())
ON CONFLICT (dimension_id, recipient_key, channel) DO UPDATE
SET state = excluded.state, changed_at = excluded.changed_at
WHERE campaigns_consent.state <> excluded.state
"""

_ADD_RECORD = """
INSERT INTO campaigns_consentrecord
    (dimension_id, recipient_key, channel, state, source, text_version, message_id, recorded_at)
VALUES (%(dimension_id)s, %(recipient_key)s, %(channel)s, %(state)s, %(source)s, %(text_version)s,
        %(message_id)s, clock_timestamp())
"""

_STAGE = """
CREATE TEMPORARY TABLE consent_import (
    recipient_key varchar(200) NOT NULL, state varchar(10) NOT NULL
) ON COMMIT DROP
"""

_IMPORT = """
WITH wanted AS (
    SELECT recipient_key, max(state) AS state FROM consent_import GROUP BY recipient_key
), applied AS (
    INSERT INTO campaigns_consent (dimension_id, recipient_key, channel, state, changed_at)
    SELECT %(dimension_id)s, recipient_key, %(channel)s, state, statement_timestamp()
    FROM wanted ORDER BY recipient_key
    ON CONFLICT (dimension_id, recipient_key, channel) DO UPDATE
    SET state = excluded.state, changed_at = excluded.changed_at
    WHERE campaigns_consent.state = 'opted_in' AND excluded.state = 'opted_out'
    RETURNING recipient_key, state
), recorded AS (
    INSERT INTO campaigns_consentrecord
        (dimension_id, recipient_key, channel, state, source, text_version, recorded_at)
    SELECT %(dimension_id)s, recipient_key, %(channel)s, state, %(source)s, %(text_version)s,
           clock_timestamp()
    FROM applied
)
SELECT (SELECT count(*) FROM wanted),
       count(*) FILTER (WHERE state = 'opted_in'),
       count(*) FILTER (WHERE state = 'opted_out')
FROM applied
"""

# After the import: who was to be opted in and is not had said no.
_COUNT_KEPT = """
SELECT count(DISTINCT i.recipient_key)
FROM consent_import i
JOIN campaigns_consent c ON c.recipient_key = i.recipient_key
WHERE c.dimension_id = %(dimension_id)s AND c.channel = %(channel)s AND c.state = 'opted_out'
  AND NOT EXISTS (
      SELECT FROM consent_import o WHERE o.recipient_key = i.recipient_key AND o.state = 'opted_out'
  )
"""

_SUPPRESS = """
INSERT INTO campaigns_suppression (channel, address, reason, note, created_at)
VALUES (%s, %s, %s, %s, statement_timestamp())
ON CONFLICT (channel, address) DO NOTHING
"""

_DIFFERENCES = """
WITH last_record AS (
    SELECT DISTINCT ON (dimension_id, recipient_key, channel) dimension_id, recipient_key, channel, state
    FROM campaigns_consentrecord
    ORDER BY dimension_id, recipient_key, channel, id DESC
)
SELECT dimension_id, recipient_key, channel, c.state, r.state
FROM campaigns_consent c
FULL JOIN last_record r USING (dimension_id, recipient_key, channel)
WHERE c.state IS DISTINCT FROM r.state
ORDER BY dimension_id, recipient_key, channel
LIMIT %s
"""


class ConsentRefused(ValueError):  # noqa: N818 - names what happened
    """A line of an import is no consent; nothing of the import was applied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one person said about one channel, and where the evidence for it lies."""

    dimension_id: int
    recipient_key: str
    channel: Channel
    state: ConsentState
    source: str
    text_version: str = ""
    message_id: int | None = None

    def parameters(self) -> dict[str, str | int | None]:
        return {
            "dimension_id": self.dimension_id,
            "recipient_key": self.recipient_key,
            "channel": str(self.channel),
            "state": str(self.state),
            "source": self.source,
            "text_version": self.text_version,
            "message_id": self.message_id,
        }


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What an import did. `kept_out` people had said no, and an import never takes that back."""

    people: int
    opted_in: int
    opted_out: int
    kept_out: int

    @property
    def unchanged(self) -> int:
        return self.people - self.opted_in - self.opted_out - self.kept_out


@dataclass(frozen=True, slots=True)
class Difference:
    """A consent that does not follow from its records; a side that has none is None."""

    dimension_id: int
    recipient_key: str
    channel: str
    consent: str | None
    records: str | None


def set_consent(statement: Statement) -> bool:
    """Make the statement the present consent without recording it; True when that changed anything.

    The consent's row is locked, changed or not, until the caller's transaction ends: the record belongs in
    it too.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SET_CONSENT, statement.parameters())
        return bool(cursor.rowcount)


def add_record(statement: Statement) -> None:
    """Keep the evidence of a statement; call it after `set_consent`, in the same transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD_RECORD, statement.parameters())


def record_consent(statement: Statement) -> bool:
    """Record the statement and make it the present consent; True when the consent changed."""
    with transaction.atomic():
        changed = set_consent(statement)
        add_record(statement)
    return changed


def import_consents(
    statements: Iterable[tuple[str, str]],
    *,
    dimension: TargetingDimension,
    channel: Channel,
    source: str,
    text_version: str = "",
) -> ImportOutcome:
    """Apply (recipient key, state) pairs as one statement, streamed through COPY.

    Nobody who opted out is opted in again; who is named twice with different states is opted out. A person
    whose consent stays as it was gets no new record.
    """
    scope: dict[str, str | int] = {
        "dimension_id": dimension.pk,
        "channel": str(channel),
        "source": source,
        "text_version": text_version,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_STAGE)
        with cursor.copy("COPY consent_import (recipient_key, state) FROM STDIN") as copy:
            for line, (key, state) in enumerate(statements, start=1):
                copy.write_row(_checked(key, state, line))
        cursor.execute(_IMPORT, scope)
        people, opted_in, opted_out = cursor.fetchone()
        cursor.execute(_COUNT_KEPT, scope)
        kept_out = cursor.fetchone()[0]
        cursor.execute("DROP TABLE consent_import")
    return ImportOutcome(people, opted_in, opted_out, kept_out)


def suppress_address(address: str, *, channel: Channel, reason: Suppression.Reason, note: str = "") -> bool:
    """Never use this address again; False when it was suppressed already, whose first reason then stays."""
    with connection.cursor() as cursor:
        cursor.execute(_SUPPRESS, [str(channel), canonical_address(channel, address), str(reason), note])
        return bool(cursor.rowcount)


def consent_differences(limit: int = 100) -> list[Difference]:
    """Consents that do not follow from the records; none, unless somebody wrote by hand."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENCES, [limit])
        return [Difference(*row) for row in cursor.fetchall()]


def _checked(key: str, state: str, line: int) -> tuple[str, str]:
    if state not in ConsentState.values:
        raise ConsentRefused(
            _("Line %(line)d: “%(state)s” is no consent; write opted_in or opted_out.")
            % {"line": line, "state": state}
        )
    if not 0 < len(key) <= LONGEST_KEY or "\0" in key:
        raise ConsentRefused(
            _("Line %(line)d: a recipient's key has 1 to %(longest)d characters and no NUL.")
            % {"line": line, "longest": LONGEST_KEY}
        )
    return key, state
