import pytest

from campaigns.api import throttling
from campaigns.models import RequestCount
from tests.campaigns.api.callers import caller, is_problem, make_caller, make_user

__all__ = ["caller"]

pytestmark = pytest.mark.django_db
URL = "/api/v1/activity-types/"


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(throttling, "REQUESTS_A_MINUTE", 3)


def answers(caller, count):
    """Within one minute of the database, whose clock decides."""
    found = []
    while len(found) < count:
        before = RequestCount.objects.values_list("minute", flat=True).first()
        found.append(caller.get(URL))
        after = RequestCount.objects.values_list("minute", flat=True).first()
        if before not in (None, after):
            found = found[-1:]
    return found


def test_six_hundred_a_minute_are_allowed():
    assert throttling.REQUESTS_A_MINUTE == 600


def test_one_more_than_allowed_is_told_when_to_come_again(caller, few):
    *allowed, refused = answers(caller, 4)
    assert [response.status_code for response in allowed] == [200, 200, 200]
    assert is_problem(refused, 429, "throttled")
    assert 1 <= int(refused["Retry-After"]) <= 60


def test_every_token_has_its_own_count(caller, few):
    answers(caller, 4)
    other = make_caller(make_user("bob"))
    assert other.get(URL).status_code == 200


def test_the_next_minute_begins_anew(caller, few):
    answers(caller, 4)
    RequestCount.objects.update(minute="2018-01-01T00:00:00Z")
    assert caller.get(URL).status_code == 200
