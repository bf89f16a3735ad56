from campaigns.api.problem_details import details_of
from orchestration.exceptions import OrchestrationError, Refused


def test_an_act_that_is_not_possible_now_is_a_conflict() -> None:
    refused = Refused("The run is paused.", "Resume it first.", code="run.wrong_state")
    details = details_of(refused)
    assert (details.status, details.code, details.detail) == (409, "conflict", "The run is paused.")
    (problem,) = details.problems
    assert (problem.code, problem.remedy) == ("run.wrong_state", "Resume it first.")
    assert str(refused) == "The run is paused. Resume it first."


def test_anything_else_of_the_engine_is_a_failure() -> None:
    assert details_of(OrchestrationError("inside")).status == 500
