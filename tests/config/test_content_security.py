from __future__ import annotations

import re

import pytest
from django.test import Client


def policy_of(client: Client, path: str) -> dict[str, list[str]]:
    header = client.get(path, HTTP_ACCEPT="text/html").headers["Content-Security-Policy"]
    return {name: values for name, *values in (part.split() for part in header.split(";"))}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/health/", "/api/docs/", "/nowhere/"])
def test_pages_outside_the_admin_allow_neither_eval_nor_inline(admin_client: Client, path: str) -> None:
    policy = policy_of(admin_client, path)
    assert policy["default-src"] == ["'none'"]
    assert not {"'unsafe-eval'", "'unsafe-inline'"} & {
        value for values in policy.values() for value in values
    }


@pytest.mark.django_db
def test_admin_pages_allow_what_the_theme_needs_and_no_inline_script(admin_client: Client) -> None:
    policy = policy_of(admin_client, "/admin/")
    assert policy["script-src"] == ["'self'", "'unsafe-eval'"]
    assert policy["style-src"] == ["'self'", "'unsafe-inline'"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/health/", "/admin/login/", "/api/docs/"])
def test_pages_load_nothing_from_elsewhere(admin_client: Client, path: str) -> None:
    page = admin_client.get(path, HTTP_ACCEPT="text/html", follow=True).content.decode()
    assert re.findall(r'(?:src|href)="(?:https?:)?//(?!testserver)[^"]*\.(?:js|css|woff2?)[^"]*"', page) == []
