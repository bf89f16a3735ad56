import io
import json
import subprocess
import sys

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from campaigns.document import canonical, parse_document
from campaigns.document_text import Form, write_document
from campaigns.drafts import load_draft, save_draft
from campaigns.models import AuditEntry, Campaign
from campaigns.publishing import campaign_published
from config.environment import ROOT
from config.management.campaign_verbs.outcome import Exit
from tests.campaigns.kinds import flow, kinds

__all__ = ["kinds"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds")]
STEP = {"id": "x", "type": "step"}


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    """What a publication sets going is tested with the engine."""
    monkeypatch.setattr(campaign_published, "receivers", [])
    campaign_published.sender_receivers_cache.clear()


def run(*arguments):
    """The exit code, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("campaign", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue(), err.getvalue()


def answer(*arguments):
    code, out, _ = run(*arguments, "--format", "json")
    return code, json.loads(out)


@pytest.fixture
def file(tmp_path):
    def write(data, name="campaign.yaml"):
        path = tmp_path / name
        form = Form.JSON if name.endswith("json") else Form.YAML
        path.write_text(write_document(parse_document(data), form))
        return path

    return write


def test_a_file_that_is_not_there_is_said(tmp_path):
    code, said = answer("validate", tmp_path / "none.yaml")
    assert (code, said["ok"], "none.yaml" in said["missing"]) == (Exit.NOT_FOUND, False, True)


def test_a_campaign_that_is_not_there_is_said():
    assert run("export", "nobody")[0] == Exit.NOT_FOUND
    assert run("diff", "nobody@3", "nobody")[0] == Exit.NOT_FOUND
    assert run("pause", "12")[0] == Exit.NOT_FOUND
    assert run("confirm", "12")[0] == Exit.NOT_FOUND


def test_a_broken_file_is_refused_at_its_line(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text("tutti: 1\ncampaign:\n  slug: a\n  name: A\n  slug: b\n")
    code, said = answer("apply", path)
    assert (code, said["problems"][0]["code"], said["problems"][0]["line"]) == (1, "text.repeated_key", 5)
    assert not Campaign.objects.exists()
    assert "line 5" in run("apply", path)[1]


def test_what_a_document_lacks_is_said_with_an_honest_exit_code(file):
    path = file(flow({"id": "x", "type": "unheard_of"}))
    code, said = answer("validate", path)
    assert (code, [problem["path"] for problem in said["problems"]]) == (1, ["/activities/2/type"])
    assert answer("validate", file(flow(STEP))) == (0, {"ok": True, "problems": []})


def test_a_wrong_command_line_ends_with_two():
    command = [sys.executable, "manage.py", "campaign", "fly"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert (ended.returncode, b"invalid choice" in ended.stderr) == (Exit.USAGE, True)


def test_plan_changes_nothing(file):
    campaign = save_draft(None, parse_document(flow()))
    code, said = answer("plan", file(flow(STEP)))
    assert (code, [change["name"] for change in said["changes"]]) == (
        0,
        ["x", "people → over", "people → x", "x → over"],
    )
    campaign.refresh_from_db()
    assert campaign.revision == 1


def test_apply_creates_and_replaces(file):
    assert answer("apply", file(flow()))[1] | {"changes": [], "hash": ""} == {
        "ok": True,
        "slug": "win-back",
        "created": True,
        "hash": "",
        "revision": 1,
        "comments_dropped": False,
        "changes": [],
    }
    said = answer("apply", file(flow(STEP)))[1]
    assert (said["created"], said["revision"]) == (False, 2)
    assert load_draft(Campaign.objects.get()).activity("x").type == "step"


def test_apply_with_an_old_hash_is_a_conflict(file):
    campaign = save_draft(None, parse_document(flow()))
    code, said = answer("apply", file(flow(STEP)), "--if-match", "0" * 64)
    assert (code, said["current"], said["ok"]) == (Exit.CONFLICT, campaign.draft_hash, False)
    assert {part["name"] for part in said["parts"]} >= {"x"}
    assert len(load_draft(campaign).activities) == 2


def test_apply_says_that_comments_are_dropped(file):
    path = file(flow())
    path.write_text("# mine\n" + path.read_text())
    assert "Comments are not kept" in run("apply", path)[2]


def test_acts_name_their_door_and_who_did_them(file):
    get_user_model().objects.create(username="ann")
    assert run("apply", file(flow()), "--by", "bob")[0] == Exit.NOT_FOUND
    assert run("apply", file(flow()), "--by", "ann")[0] == 0
    entry = AuditEntry.objects.get(action="campaign.create")
    assert (entry.door, entry.actor_name) == ("command", "ann")


@pytest.mark.parametrize("form", Form)
def test_what_was_exported_is_applied_and_exported_byte_for_byte(file, tmp_path, form):
    run("apply", file(flow(STEP)))
    path = tmp_path / f"again.{form}"
    assert run("export", "win-back", "--form", form, "--output", path)[0] == 0
    assert answer("apply", path)[1]["changes"] == []
    assert run("export", "win-back", "--form", form)[1].encode() == path.read_bytes()


def test_a_version_is_exported_as_it_was_published(file):
    run("apply", file(flow()))
    assert answer("publish", "win-back")[1]["version"] == 1
    run("apply", file(flow(STEP)))
    version = Campaign.objects.get().versions.get()
    assert run("export", "win-back", "--form", "json", "--version-number", "1")[1] == version.definition
    changes = answer("diff", "win-back@published", "win-back")[1]["changes"]
    assert [change["name"] for change in changes if change["part"] == "activity"] == ["x"]


def test_publish_refuses_what_the_lint_refuses(file):
    run("apply", file(flow({"id": "x", "type": "unheard_of"})))
    code, said = answer("publish", "win-back")
    assert (code, said["problems"][0]["code"]) == (1, "activity.unknown_type")


def test_publish_with_an_old_hash_is_a_conflict(file):
    run("apply", file(flow()))
    assert answer("publish", "win-back", "--if-match", "0" * 64)[0] == Exit.CONFLICT


def test_the_same_document_in_both_forms_is_no_difference(file):
    assert answer("diff", file(flow(STEP)), file(flow(STEP), "same.json"))[1]["changes"] == []


def test_the_standard_input_is_a_file_too(monkeypatch):
    text = canonical(parse_document(flow())).encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert answer("apply", "-")[1]["created"]


def test_codes_are_listed():
    assert "activity.unknown_type" in {row["code"] for row in answer("codes")[1]["codes"]}
