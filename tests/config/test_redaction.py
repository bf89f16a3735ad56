from __future__ import annotations

import logging
import sys

import pytest

from config.redaction import MASK, RedactingFormatter, redact

SECRET = "s3cret-value"  # noqa: S105


@pytest.mark.parametrize(
    "text",
    [
        "redis://:%s@broker:6379/0",
        "postgresql://tutti:%s@db/tutti",
        "Authorization: Token %s",
        '{"password": "%s"}',
        "api_key=%s&other=1",
        "SECRET_KEY=%s",
    ],
)
def test_a_secret_is_known_by_the_shape_it_is_written_in(text: str) -> None:
    assert SECRET not in redact(text % SECRET, [])
    assert MASK in redact(text % SECRET, [])


@pytest.mark.parametrize("text", ["https://example.com/a@b", "the password was changed", "12:30 at noon"])
def test_what_holds_no_secret_is_left_alone(text: str) -> None:
    assert redact(text, []) == text


def test_a_secret_among_the_arguments_is_masked() -> None:
    record = logging.LogRecord("tutti", logging.INFO, "", 0, "cannot use %s", (SECRET,), None)
    assert RedactingFormatter("%(message)s", [SECRET]).format(record) == f"cannot use {MASK}"


def test_a_secret_in_a_traceback_is_masked() -> None:
    try:
        int(SECRET)
    except ValueError:
        record = logging.LogRecord("tutti", logging.ERROR, "", 0, "failed", (), sys.exc_info())
    assert SECRET not in RedactingFormatter("%(message)s", [SECRET]).format(record)


def test_an_empty_secret_masks_nothing() -> None:
    record = logging.LogRecord("tutti", logging.INFO, "", 0, "plain", (), None)
    assert RedactingFormatter("%(message)s", ["", "ab"]).format(record) == "plain"
