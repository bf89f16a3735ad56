import pytest

from campaigns.document import canonical, parse_document
from campaigns.document_text import Form, write_document
from campaigns.drafts import load_draft, save_draft
from campaigns.models import AuditEntry, Campaign
from tests.campaigns.api.callers import alone, caller, is_problem, make_caller, make_user
from tests.campaigns.documents import example, named
from tests.campaigns.kinds import flow, kinds
from tests.campaigns.test_drafts import in_threads

__all__ = ["alone", "caller", "kinds"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("alone", "kinds")]
LIST = "/api/v1/campaigns/"
ONE = "/api/v1/campaigns/win-back/"
STEP = {"id": "x", "type": "step"}


def text(data, form=Form.JSON):
    return write_document(parse_document(data), form)


def send(act, url, data, form=Form.JSON, **headers):
    return act(url, text(data, form), content_type=f"application/{form}", headers=headers)


@pytest.fixture
def campaign():
    return save_draft(None, parse_document(flow()))


def tag(campaign):
    campaign.refresh_from_db()
    return f'"{campaign.draft_hash}"'


class TestReading:
    def test_what_is_not_there_is_a_problem(self, caller):
        assert is_problem(caller.get(ONE), 404, "not_found")
        assert is_problem(caller.get(f"{ONE}versions/1/"), 404, "not_found")

    @pytest.mark.parametrize("form", Form)
    def test_the_document_comes_byte_for_byte_with_its_etag(self, caller, campaign, form):
        response = caller.get(ONE, headers={"Accept": f"application/{form}"})
        assert response.content.decode() == write_document(load_draft(campaign), form)
        assert response["ETag"] == tag(campaign)
        assert response["Content-Type"].startswith(f"application/{form}")

    def test_another_form_is_not_acceptable(self, caller, campaign):
        assert is_problem(caller.get(ONE, headers={"Accept": "text/html"}), 406, "not_acceptable")

    def test_the_list_is_filtered(self, caller):
        for slug, tags in (("spring", ["pets"]), ("summer", ["pets", "big"]), ("autumn", [])):
            save_draft(None, named(slug) if not tags else parse_document(tagged(slug, tags)))
        Campaign.objects.filter(slug="summer").update(state="live")
        queries = {
            "?tag=pets": 2,
            "?state=live": 1,
            "?search=spr": 1,
            "?search=s%20umm": 1,
            "?state=live&state=draft": 3,
        }
        assert {query: len(caller.get(LIST + query).json()["results"]) for query in queries} == queries

    @pytest.mark.parametrize("query", ["?state=alive", "?modified_after=yesterday"])
    def test_a_wrong_filter_is_refused_at_its_place(self, caller, query):
        response = caller.get(LIST + query)
        assert is_problem(response, 400, "invalid")
        assert response.json()["problems"][0]["path"] in ("/state", "/modified_after")

    def test_the_list_has_pages(self, caller):
        for number in range(5):
            save_draft(None, named(f"c{number}"))
        page = caller.get(f"{LIST}?page_size=2").json()
        found = [row["slug"] for row in page["results"]]
        while page["next"]:
            page = caller.get(page["next"]).json()
            found += [row["slug"] for row in page["results"]]
        assert found == ["c4", "c3", "c2", "c1", "c0"]


def tagged(slug, tags):
    return example(campaign={"slug": slug, "name": slug, "tags": tags})


class TestWriting:
    @pytest.mark.parametrize("form", Form)
    def test_a_campaign_is_made_from_its_document(self, caller, form):
        response = send(caller.post, LIST, flow(STEP), form)
        made = Campaign.objects.get()
        assert (response.status_code, response["ETag"], response["Location"]) == (201, tag(made), ONE)
        assert response.content.decode() == canonical(load_draft(made)) == text(flow(STEP))
        assert (made.owner.username, AuditEntry.objects.get(action="campaign.create").door) == ("ann", "api")

    def test_a_second_campaign_with_the_slug_is_a_conflict(self, caller, campaign):
        assert is_problem(send(caller.post, LIST, flow()), 409, "conflict")

    def test_a_change_needs_the_etag(self, caller, campaign):
        for headers in ({}, {"If-Match": "*"}, {"If-Match": campaign.draft_hash}):
            response = send(caller.put, ONE, flow(STEP), **headers)
            assert is_problem(response, 428, "precondition_required")
        assert Campaign.objects.get().revision == 1

    def test_a_change_of_another_draft_is_refused_with_what_differs(self, caller, campaign):
        first = tag(campaign)
        assert send(caller.put, ONE, flow(STEP), **{"If-Match": first}).status_code == 200
        response = send(caller.put, ONE, flow({"id": "y", "type": "step"}), **{"If-Match": first})
        assert is_problem(response, 412, "draft_conflict")
        said = response.json()
        assert (response["ETag"], said["current"]) == (tag(campaign), campaign.draft_hash)
        changed = {part["name"]: part["changed_by"] for part in said["parts"] if part["part"] == "activity"}
        assert changed == {"x": "theirs", "y": "yours"}
        assert load_draft(campaign).activity("x")

    def test_another_slug_is_refused(self, caller, campaign):
        response = send(caller.put, ONE, flow(slug="other"), **{"If-Match": tag(campaign)})
        assert is_problem(response, 422, "invalid")

    def test_a_broken_document_is_refused_at_its_line(self, caller):
        response = caller.post(LIST, '{\n"tutti": 1,\n"tutti": 2}', content_type="application/json")
        assert is_problem(response, 400, "unreadable")
        assert response.json()["problems"][0]["line"] == 3

    def test_a_wrong_value_is_refused_at_its_place(self, caller):
        response = caller.post(
            LIST, '{"tutti": 1,\n"campaign": {"slug": "A"}}', content_type="application/json"
        )
        assert is_problem(response, 422, "invalid")
        places = {(problem["path"], problem["line"]) for problem in response.json()["problems"]}
        assert places == {("/campaign/slug", 2), ("/campaign/name", 2)}

    @pytest.mark.parametrize("path", [LIST, "/api/v1/lint/"])
    def test_no_document_is_refused(self, caller, path):
        response = caller.post(path)
        assert is_problem(response, 400, "unreadable")

    def test_too_large_a_document_is_refused(self, caller):
        for size in (2_000_001, 3_000_000):
            response = caller.post(LIST, b" " * size, content_type="application/json")
            assert response.status_code in (400, 413)
            assert is_problem(response, response.status_code, response.json()["code"])

    def test_other_forms_are_refused(self, caller):
        response = caller.post(LIST, "<a/>", content_type="application/xml")
        assert is_problem(response, 415, "unsupported_media_type")

    def test_a_layout_never_conflicts(self, caller, campaign):
        before = tag(campaign)
        body = {"layout": {"people": [10, 20]}}
        assert caller.patch(f"{ONE}layout/", body, format="json").status_code == 204
        assert caller.get(ONE)["ETag"] == before
        assert caller.get(ONE).json()["layout"] == {"people": [10, 20]}

    @pytest.mark.parametrize(
        "layout", [{"people": [1]}, {"people": "here"}, [], None, {"people": [1, 10**9]}]
    )
    def test_a_wrong_layout_is_refused(self, caller, campaign, layout):
        response = caller.patch(f"{ONE}layout/", {"layout": layout}, format="json")
        assert is_problem(response, 400, "invalid")

    def test_positions_are_replaced_unless_they_are_to_be_kept(self, caller, campaign):
        document = caller.get(ONE).json()
        caller.patch(f"{ONE}layout/", {"layout": {"people": [10, 20]}}, format="json")
        stale = document | {"layout": {"people": [1, 1]}}
        for query, expected in (("?positions=kept", [10, 20]), ("", [1, 1])):
            sent = {"format": "json", "headers": {"If-Match": tag(campaign)}}
            assert caller.put(f"{ONE}{query}", stale, **sent).json()["layout"] == {"people": expected}
            assert caller.get(ONE).json()["layout"] == {"people": expected}

    def test_an_unknown_wish_for_positions_is_refused(self, caller, campaign):
        sent = {"format": "json", "headers": {"If-Match": tag(campaign)}}
        response = caller.put(f"{ONE}?positions=lost", caller.get(ONE).json(), **sent)
        assert is_problem(response, 400, "invalid")

    def test_a_draft_is_deleted_only_as_it_was_seen(self, caller, campaign):
        assert is_problem(caller.delete(ONE), 428, "precondition_required")
        assert is_problem(caller.delete(ONE, headers={"If-Match": '"0"'}), 412, "draft_conflict")
        assert caller.delete(ONE, headers={"If-Match": tag(campaign)}).status_code == 204
        assert not Campaign.objects.exists()


class TestActs:
    def test_publishing_needs_the_etag_and_a_sound_draft(self, caller):
        campaign = save_draft(None, parse_document(flow({"id": "x", "type": "unheard_of"})))
        assert is_problem(caller.post(f"{ONE}publish/", {}, format="json"), 428, "precondition_required")
        response = caller.post(f"{ONE}publish/", {}, format="json", headers={"If-Match": tag(campaign)})
        assert is_problem(response, 422, "invalid")
        assert response.json()["problems"][0]["path"] == "/activities/2/type"

    def test_warnings_are_asked_about(self, caller):
        often = {"frequency": "every", "interval": 5, "unit": "minutes"}
        campaign = save_draft(None, parse_document(flow(schedule=often)))
        headers = {"If-Match": tag(campaign)}
        response = caller.post(f"{ONE}publish/", {}, format="json", headers=headers)
        assert is_problem(response, 409, "warnings_unconfirmed")
        body = {"confirm_warnings": True}
        assert caller.post(f"{ONE}publish/", body, format="json", headers=headers).status_code == 201

    def test_a_version_is_kept_as_it_was_published(self, caller, campaign):
        published = canonical(load_draft(campaign))
        response = caller.post(f"{ONE}publish/", {}, format="json", headers={"If-Match": tag(campaign)})
        assert (response.status_code, response["Location"]) == (201, f"{ONE}versions/1/")
        send(caller.put, ONE, flow(STEP), **{"If-Match": tag(campaign)})
        assert caller.get(f"{ONE}versions/1/").content.decode() == published
        assert [row["number"] for row in caller.get(f"{ONE}versions/").json()["results"]] == [1]
        changes = caller.get(f"{ONE}diff/").json()["changes"]
        assert [change["name"] for change in changes if change["part"] == "activity"] == ["x"]
        assert is_problem(caller.get(f"{ONE}diff/?old=7"), 404, "not_found")

    @pytest.mark.parametrize(
        ("act", "state", "after"),
        [
            ("close", "live", "closed"),
            ("stop", "live", "stopped"),
            ("archive", "completed", "archived"),
            ("back-to-draft", "scheduled", "draft"),
        ],
    )
    def test_acts_move_a_campaign_where_that_is_possible(self, caller, campaign, act, state, after):
        assert is_problem(caller.post(f"{ONE}{act}/"), 409, "conflict")
        Campaign.objects.update(state=state)
        response = caller.post(f"{ONE}{act}/")
        assert (response.status_code, response.json()["state"]) == (200, after)

    def test_a_duplicate_is_a_draft_of_its_own(self, caller, campaign):
        response = caller.post(f"{ONE}duplicate/", {"slug": "again"}, format="json")
        assert (response.status_code, response["Location"]) == (201, "/api/v1/campaigns/again/")
        assert response.json()["campaign"]["name"] == "Copy of Win back"

    def test_the_lint_says_what_is_wrong_with_stored_and_unstored_documents(self, caller, campaign):
        assert caller.get(f"{ONE}lint/").json() == {"publishable": True, "problems": []}
        answer = send(caller.post, "/api/v1/lint/", flow({"id": "x", "type": "stepp"})).json()
        assert (answer["publishable"], answer["problems"][0]["code"]) == (False, "activity.unknown_type")
        assert "step" in answer["problems"][0]["remedy"]

    def test_the_palette_has_the_schema_of_every_type(self, caller):
        kinds = {kind["name"]: kind for kind in caller.get("/api/v1/activity-types/").json()}
        assert kinds["step"]["settings"]["properties"]["complement"]["type"] == "boolean"
        assert {"build_audience", "end"} <= kinds.keys()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("alone", "kinds")
def test_of_two_writers_at_once_one_is_told_and_nothing_is_lost():
    user = make_user()
    callers = [make_caller(user) for _ in range(2)]
    seen = tag(save_draft(None, parse_document(flow())))
    for turn in range(10):
        steps = [{"id": f"w{number}-{turn}", "type": "step"} for number in range(2)]
        answers = in_threads(2, lambda n: send(callers[n].put, ONE, flow(steps[n]), **{"If-Match": seen}))  # noqa: B023
        assert sorted(answer.status_code for answer in answers) == [200, 412]
        winner = next(number for number in range(2) if answers[number].status_code == 200)
        assert callers[0].get(ONE).json()["activities"][-1] == steps[winner]
        seen = answers[winner]["ETag"]
        told = {part["name"] for part in answers[1 - winner].json()["parts"]}
        assert {steps[0]["id"], steps[1]["id"]} <= told
    assert Campaign.objects.get().revision == 11


@pytest.mark.parametrize("offset", ["-16:03", "%2B23:59"])
def test_an_offset_beyond_those_of_the_database_is_still_an_instant(caller, offset):
    save_draft(None, named("one"))
    for name, number in (("modified_after", 1), ("modified_before", 0)):
        found = caller.get(f"/api/v1/campaigns/?{name}=2001-12-26T18:41:19.2{offset}")
        assert len(found.json()["results"]) == number


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00%2B23:59", "9999-12-31T23:59:59-23:59"])
def test_a_time_outside_the_calendar_is_refused(caller, text):
    assert is_problem(caller.get(f"/api/v1/campaigns/?modified_after={text}"), 400, "invalid")
