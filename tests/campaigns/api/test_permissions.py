import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

from campaigns.api.door import Door
from campaigns.api.permissions import Need
from campaigns.drafts import save_draft
from tests.campaigns.api.callers import is_problem, make_caller, make_user
from tests.campaigns.documents import named

pytestmark = pytest.mark.django_db
LIST, ONE = "/api/v1/campaigns/", "/api/v1/campaigns/one/"


def api_views():
    """Every viewset behind the API with the actions its routes serve."""
    todo, found = list(get_resolver().url_patterns), {}
    while todo:
        pattern = todo.pop()
        if isinstance(pattern, URLResolver):
            todo.extend(pattern.url_patterns)
        view = getattr(pattern.callback, "cls", None) if not isinstance(pattern, URLResolver) else None
        if view and issubclass(view, Door):
            found.setdefault(view, set()).update(pattern.callback.actions.items())
    return found


def test_every_action_says_what_it_needs():
    open_to_all = [
        (view.__name__, action)
        for view, actions in api_views().items()
        for _method, action in actions
        if view.permission_classes == Door.permission_classes and not isinstance(view.needs.get(action), Need)
    ]
    assert (open_to_all, len(api_views()) >= 4) == ([], True)


def test_every_post_that_acts_may_be_repeated():
    questions = {"check", "count", "counts", "preview", "distribution", "plan", "explain", "difference"}
    asks_only = {("Lint", "create"), ("Feedback", "create"), ("SavedFilters", "apply"), ("Files", "columns")}
    asks_only |= {
        ("Forecasts", "create"),
        ("RunDifferences", "create"),
        ("Lint", "attributes"),
        ("Rules", "expression"),
    }
    asks_only |= {("EmailPreviews", "people"), ("EmailPreviews", "preview"), ("TextPreviews", "preview")}
    asks_only |= {("Rules", question) for question in questions}
    missing = {
        (view.__name__, action)
        for view, actions in api_views().items()
        for method, action in actions
        if method == "post" and not hasattr(getattr(view, action), "is_idempotent")
    }
    assert missing == asks_only


def test_nobody_gets_in_without_a_name(client):
    for response in (client.get(LIST), client.post(LIST, {}), client.delete(ONE)):
        assert is_problem(response, 401, "not_authenticated")
        assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("method", "path", "verb", "scope"),
    [
        ("get", LIST, "view", "read"),
        ("get", ONE, "view", "read"),
        ("get", f"{ONE}lint/", "view", "read"),
        ("put", ONE, "change", "write"),
        ("patch", f"{ONE}layout/", "change", "write"),
        ("delete", ONE, "delete", "write"),
        ("post", LIST, "add", "write"),
        ("post", f"{ONE}publish/", "publish", "publish"),
        ("post", f"{ONE}close/", "publish", "publish"),
        ("post", f"{ONE}back-to-draft/", "publish", "publish"),
    ],
)
def test_a_caller_needs_the_permission_and_the_scope(method, path, verb, scope):
    save_draft(None, named("one"))
    others = tuple({"view", "add", "change", "delete", "publish"} - {verb})
    scopes = tuple({"read", "write", "publish", "confirm"} - {scope})
    answers = [
        getattr(caller, method)(path)
        for caller in (
            make_caller(make_user("without permission", others)),
            make_caller(make_user("without scope"), *scopes),
            make_caller(make_user("with both", (verb,)), scope),
        )
    ]
    assert is_problem(answers[0], 403, "permission_denied")
    assert is_problem(answers[1], 403, "permission_denied")
    assert answers[2].status_code != 403


def test_a_session_needs_the_csrf_token():
    user = make_user()
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    save_draft(None, named("one"))
    assert client.get(ONE).status_code == 200
    assert is_problem(client.post(f"{ONE}close/"), 403, "csrf_failed")


def test_a_csrf_refusal_is_said_in_the_language_of_the_reader():
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": "ko"})
    client.force_login(make_user())
    save_draft(None, named("one"))
    detail = client.post(f"{ONE}close/").json()["detail"]
    assert "CSRF" not in detail


@pytest.mark.parametrize("method", ["get", "put", "post"])
def test_a_page_of_another_person_is_refused_and_told_who_is_signed_in(method, client):
    user, other = make_user("ada"), make_user("bea")
    save_draft(None, named("one"))
    client.force_login(other)
    path = f"{ONE}close/" if method == "post" else ONE
    answer = getattr(client, method)(path, headers={"X-Opened-By": str(user.pk)})
    assert is_problem(answer, 403, "other_user")
    assert "bea" in answer.json()["detail"]


def test_a_page_of_the_person_who_is_signed_in_is_served(client):
    user = make_user()
    save_draft(None, named("one"))
    client.force_login(user)
    assert client.get(ONE, headers={"X-Opened-By": str(user.pk)}).status_code == 200


def test_who_is_signed_out_is_told_so_before_anything_of_the_page(client):
    assert is_problem(client.get(ONE, headers={"X-Opened-By": "1"}), 401, "not_authenticated")


def test_a_token_never_makes_another():
    caller = make_caller(make_user())
    assert is_problem(caller.get("/api/v1/tokens/"), 403, "permission_denied")
    assert is_problem(caller.post("/api/v1/tokens/", {}, format="json"), 403, "permission_denied")
