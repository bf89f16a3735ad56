from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest

from config.messages import compile_catalogues

CATALOGUE = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Campaign"
msgstr "캠페인"
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "ko" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(CATALOGUE, encoding="utf-8")
    return path


def test_a_broken_catalogue_is_named_with_its_line(source: Path) -> None:
    source.write_text(CATALOGUE + "\nnonsense\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"django\.po cannot be compiled: .*line 7"):
        compile_catalogues(source.parents[2])


def test_a_catalogue_in_another_encoding_is_named(source: Path) -> None:
    source.write_bytes(CATALOGUE.encode("euc-kr"))
    with pytest.raises(ValueError, match=r"django\.po cannot be compiled"):
        compile_catalogues(source.parents[2])


def test_what_is_up_to_date_is_not_compiled_again(source: Path) -> None:
    compile_catalogues(source.parents[2])
    assert compile_catalogues(source.parents[2]) == []


def test_a_changed_catalogue_is_compiled_again(source: Path) -> None:
    [target] = compile_catalogues(source.parents[2])
    os.utime(target, (0, 0))
    assert compile_catalogues(source.parents[2]) == [target]


def test_gettext_reads_what_was_compiled(source: Path) -> None:
    [target] = compile_catalogues(source.parents[2])
    with target.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Campaign") == "캠페인"
