from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from campaigns.models import ApiToken
from campaigns.problems import ProblemsError
from campaigns.tokens import find_token, is_well_formed, issue_token, note_use, revoke_token
from tests.campaigns.api.callers import make_user

pytestmark = pytest.mark.django_db


def issue(**changes):
    wanted = {"name": "t", "scopes": ["read"], "expires_at": timezone.now() + timedelta(days=1)} | changes
    return issue_token(make_user(), **wanted)


@pytest.mark.parametrize("scopes", [[], ["admin"], ["read", "root"]])
def test_unknown_scopes_are_refused(scopes):
    with pytest.raises(ProblemsError, match="scopes"):
        issue(scopes=scopes)


def test_a_token_lives_at_most_a_year():
    for days in (-1, 0, 400):
        with pytest.raises(ProblemsError, match="expire"):
            issue_token(None, name="t", scopes=["read"], expires_at=timezone.now() + timedelta(days=days))


def test_only_the_hash_is_kept():
    token, secret = issue()
    assert secret.startswith("tutti_")
    assert len(token.digest) == 64
    assert secret not in str(ApiToken.objects.values())


@pytest.mark.parametrize(
    "change",
    [lambda s: s[:-1], lambda s: s.upper(), lambda s: s[:-1] + "x", lambda s: "", lambda s: s + "\n"],
)
def test_a_mistyped_token_is_known_without_the_database(change, django_assert_num_queries):
    _, secret = issue()
    with django_assert_num_queries(0):
        assert find_token(change(secret)) is None


def test_a_well_formed_stranger_opens_nothing():
    _, secret = issue()
    ApiToken.objects.all().delete()
    assert is_well_formed(secret)
    assert find_token(secret) is None


def test_an_expired_token_opens_nothing():
    token, secret = issue()
    assert find_token(secret) == token
    ApiToken.objects.update(expires_at=timezone.now())
    assert find_token(secret) is None


def test_a_token_dies_with_its_account():
    token, secret = issue()
    token.user.is_active = False
    token.user.save()
    assert find_token(secret) is None


def test_a_revoked_token_opens_nothing():
    token, secret = issue()
    revoke_token(token, by=token.user)
    assert find_token(secret) is None


def test_its_use_is_noted_at_most_once_a_minute():
    token, _ = issue()
    times = []
    for seconds in (0, 30, 90):
        with time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=False):
            note_use(token)
        token.refresh_from_db()
        times.append(token.last_used_at)
    assert times[0] == times[1]
    assert times[0] is not None
