from __future__ import annotations

import json
from pathlib import Path

import pytest

from orchestration.channels import check_settings, open_session, sms_file
from orchestration.sms.outgoing import OutgoingText
from orchestration.transport import Kind, Unavailable

TEXT = OutgoingText(7, "Shop", "+821012345678", "안녕\n“hi”", 1, "3.7@shop.test")


@pytest.fixture(autouse=True)
def outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sms_file, "OUTBOX", tmp_path / "outbox")
    return tmp_path / "outbox"


@pytest.mark.parametrize("folder", ["", "..", "../x", "/etc", "a/b", "A", "a\x00b", "-a", "a" * 64])
def test_no_other_place_can_be_chosen(folder: str) -> None:
    assert [problem.path for problem in check_settings("sms_file", {"folder": folder})] == ["/folder"]


def test_a_folder_that_cannot_be_made_is_unavailable(outbox: Path) -> None:
    outbox.write_text("in the way")
    with pytest.raises(Unavailable, match="cannot be written"):
        open_session("sms_file", {})


def test_nothing_is_written_once_it_is_closed(outbox: Path) -> None:
    session = open_session("sms_file", {})
    session.close()
    assert [outcome.kind for outcome in session.send([TEXT])] == [Kind.NOT_ATTEMPTED]
    assert (outbox / "sms" / "texts.jsonl").read_text() == ""


def test_a_text_is_one_line(outbox: Path) -> None:
    with open_session("sms_file", {"folder": "here"}) as session:
        assert [outcome.kind for outcome in session.send([TEXT])] == [Kind.SENT]
    (line,) = (outbox / "here" / "texts.jsonl").read_text().splitlines()
    entry = json.loads(line)
    assert (entry["id"], entry["recipient"], entry["text"]) == (7, TEXT.recipient, TEXT.text)
    assert (entry["reference"], entry["segments"], entry["sender"]) == (TEXT.reference, 1, "Shop")
