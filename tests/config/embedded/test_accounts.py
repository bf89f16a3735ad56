from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from config.embedded.accounts import Account, service_account
from config.embedded.faults import ServicesUnavailableError


def test_a_user_without_a_name_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_000)
    with pytest.raises(ServicesUnavailableError, match=r"user id 4000000 has none.*DATABASE_URL"):
        service_account()


def test_root_alone_on_a_system_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwall", lambda: [pwd.getpwuid(0)])
    with pytest.raises(ServicesUnavailableError, match="useradd"):
        service_account()


def test_root_lends_nobody_before_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert service_account().uid == pwd.getpwnam("nobody").pw_uid


def test_a_normal_user_lends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    uid = pwd.getpwnam("nobody").pw_uid
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    assert service_account() == Account(uid, os.getegid(), lent=False)
    assert service_account().credentials == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT RUN: only root can become another account")
def test_a_folder_under_a_closed_one_is_not_writable_whatever_its_own_mode(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    inner = closed / "open"
    inner.mkdir(parents=True)
    inner.chmod(0o777)
    closed.chmod(0o700)
    assert not service_account().can_write(inner)
