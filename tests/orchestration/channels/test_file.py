from __future__ import annotations

import json
from pathlib import Path

import pytest

from orchestration.channels import check_settings, file, open_session
from orchestration.mail.outgoing import OutgoingMessage
from orchestration.transport import Kind, Unavailable

MESSAGE = OutgoingMessage(7, "a@shop.test", "b@example.test", b"Subject: x\r\n\r\n.\r\n")


@pytest.fixture(autouse=True)
def outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(file, "OUTBOX", tmp_path / "outbox")
    return tmp_path / "outbox"


@pytest.mark.parametrize("folder", ["", "..", "../x", "/etc", "a/b", "A", "a\x00b", "-a", "a" * 64])
def test_no_other_place_can_be_chosen(folder: str) -> None:
    assert [problem.path for problem in check_settings("file", {"folder": folder})] == ["/folder"]


def test_a_folder_that_cannot_be_made_is_unavailable(outbox: Path) -> None:
    outbox.write_text("in the way")
    with pytest.raises(Unavailable, match="cannot be written"):
        open_session("file", {})


def test_a_message_that_cannot_be_written_is_not_attempted(outbox: Path) -> None:
    with open_session("file", {}) as session:
        (outbox / "mail" / "7.eml").mkdir()
        assert [outcome.kind for outcome in session.send([MESSAGE])] == [Kind.NOT_ATTEMPTED]
        assert (outbox / "mail" / "sent.jsonl").read_text() == ""


def test_a_message_is_kept_as_it_is_and_logged(outbox: Path) -> None:
    with open_session("file", {"folder": "here"}) as session:
        assert [outcome.kind for outcome in session.send([MESSAGE])] == [Kind.SENT]
    assert (outbox / "here" / "7.eml").read_bytes() == MESSAGE.data
    entry = json.loads((outbox / "here" / "sent.jsonl").read_text())
    assert (entry["id"], entry["recipient"], entry["size"]) == (7, "b@example.test", len(MESSAGE.data))
    assert sorted(path.name for path in (outbox / "here").iterdir()) == ["7.eml", "sent.jsonl"]
