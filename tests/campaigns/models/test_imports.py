from typing import Any

import pytest
from django.db import IntegrityError, transaction

from campaigns.models import ImportJob, ImportReject

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"state": "running"}, "import_state_is_known"),
        ({"rows_read": 3, "rows_accepted": 1, "rows_rejected": 1}, "every_row_read_is_accepted_or_rejected"),
    ],
)
def test_the_database_refuses_an_import_that_does_not_add_up(values: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ImportJob.objects.create(target="people", **values)


def test_the_database_refuses_a_line_twice() -> None:
    job = ImportJob.objects.create(target="people")
    ImportReject.objects.create(job=job, line_number=2, reason="", content="")
    with pytest.raises(IntegrityError, match="a_line_is_refused_once"), transaction.atomic():
        ImportReject.objects.create(job=job, line_number=2, reason="", content="")
