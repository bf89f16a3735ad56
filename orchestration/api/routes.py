"""The routes of the engine; the composition root hands `register` to the API's router."""

from __future__ import annotations

from rest_framework.routers import BaseRouter

from orchestration.api.deliveries import Deliveries
from orchestration.api.email_previews import EmailPreviews
from orchestration.api.feedback import Feedback
from orchestration.api.forecasts import Forecasts
from orchestration.api.launches import Launches
from orchestration.api.markers import Markers
from orchestration.api.proofs import SentProofs
from orchestration.api.run_differences import RunDifferences
from orchestration.api.runs import Runs, TestRuns
from orchestration.api.settlements import Settlements
from orchestration.api.sms_previews import TextPreviews

_CAMPAIGN = r"campaigns/(?P<campaign>[a-z0-9_-]{1,80})"


def register(router: BaseRouter) -> None:
    router.register(f"{_CAMPAIGN}/forecast", Forecasts, basename="forecast")
    router.register(f"{_CAMPAIGN}/test-runs", TestRuns, basename="test-run")
    router.register(f"{_CAMPAIGN}/emails", EmailPreviews, basename="email")
    router.register(f"{_CAMPAIGN}/texts", TextPreviews, basename="text")
    router.register(f"{_CAMPAIGN}/proofs", SentProofs, basename="proof")
    router.register(f"{_CAMPAIGN}/launches", Launches, basename="launch")
    router.register("rules/difference/last-run", RunDifferences, basename="run-difference")
    router.register("rules/feedback", Feedback, basename="feedback")
    router.register(f"{_CAMPAIGN}/markers", Markers, basename="marker")
    router.register("runs", Runs, basename="run")
    router.register(r"deliveries/(?P<delivery>[0-9]{1,18})/settle", Settlements, basename="settlement")
    router.register("deliveries", Deliveries, basename="delivery")
