from campaigns.api.problem_details import details_of
from orchestration.exceptions import OrchestrationError, Refused


def test_an_act_that_is_not_possible_now_is_a_conflict() -> None:
    details = details_of(Refused("Resume the run first."))
    assert (details.status, details.code, details.detail) == (409, "conflict", "Resume the run first.")


def test_anything_else_of_the_engine_is_a_failure() -> None:
    assert details_of(OrchestrationError("inside")).status == 500
