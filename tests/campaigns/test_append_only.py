"""The triggers of the migration append_only, on the database itself."""

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction

from campaigns.audit import record
from campaigns.drafts import save_draft
from campaigns.models import AuditEntry, CampaignVersion
from campaigns.states import VERSION, move
from tests.campaigns.documents import named

pytestmark = pytest.mark.django_db


@pytest.fixture
def version():
    ann = get_user_model().objects.create(username="ann")
    campaign = save_draft(None, named("one"))
    return CampaignVersion.objects.create(
        campaign=campaign, number=1, definition="{}", hash="h", published_by=ann
    )


@pytest.mark.parametrize(
    "change", [{"definition": "x"}, {"number": 2}, {"hash": "x"}, {"published_at": "2018-01-01T00:00Z"}]
)
def test_a_version_never_changes(version, change):
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        CampaignVersion.objects.update(**change)


def test_a_version_is_never_given_to_another_publisher(version):
    bob = get_user_model().objects.create(username="bob")
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        CampaignVersion.objects.update(published_by=bob)


def test_a_version_is_never_removed(version):
    with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
        CampaignVersion.objects.all().delete()


def test_a_version_may_be_superseded_and_outlive_its_publisher(version):
    assert move(CampaignVersion.objects.all(), VERSION, "superseded") == 1
    get_user_model().objects.all().delete()
    version.refresh_from_db()
    assert (version.state, version.published_by) == ("superseded", None)


def test_the_audit_log_is_only_added_to():
    record("campaign.close", "campaign one", before="live")
    with pytest.raises(IntegrityError, match="audit log"), transaction.atomic():
        AuditEntry.objects.update(action="x")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        AuditEntry.objects.all().delete()


def test_an_entry_outlives_the_account_that_made_it():
    ann = get_user_model().objects.create(username="ann")
    record("campaign.close", "campaign one", by=ann)
    ann.delete()
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.actor_name) == (None, "ann")


def test_consent_records_are_only_added_to():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgtype & 24 FROM pg_trigger WHERE tgrelid = 'campaigns_consentrecord'::regclass"
            " AND NOT tgisinternal"
        )
        assert cursor.fetchall() == [("consent_record_is_frozen", 24)]
