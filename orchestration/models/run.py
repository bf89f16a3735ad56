"""What happens when a campaign runs: the run, its activities, the populations between them and the log."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaigns.activity_parts import title_of
from campaigns.document import ActivityPart
from campaigns.models import Campaign, CampaignVersion
from orchestration.states import ACTIVITY_RUN, OCCURRENCE, RUN


class RunKind(models.TextChoices):
    TEST = "test", _("test")
    LIVE = "live", _("live")


class CampaignRun(models.Model):
    """One run of a version (live), or of the draft as it was (test).

    `definition` is the canonical document the run obeys; `anchor` is the run's time, to which every relative date of
    its rules refers; `errors` counts consecutive ignored failures.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="runs", verbose_name=_("campaign"))
    version = models.ForeignKey(CampaignVersion, models.PROTECT, null=True, blank=True, related_name="runs")
    kind = models.CharField(_("kind"), max_length=4, choices=RunKind)
    definition = models.TextField(_("definition"))
    state = models.CharField(_("state"), max_length=10, default="running", choices=RUN.choices)
    state_changed_at = models.DateTimeField(db_default=Now())
    anchor = models.DateTimeField(_("run's time"), db_default=Now())
    variables = models.JSONField(_("variables"), default=dict, blank=True)
    real_waits = models.BooleanField(_("wait for real"), default=True)
    errors = models.PositiveIntegerField(default=0)
    problem = models.TextField(_("problem"), blank=True)
    continued_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="continuations"
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField(_("started at"), db_default=Now())
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        indexes = [
            models.Index(fields=["campaign", "-id"], name="run_campaign"),
            models.Index(fields=["started_at"], name="run_started"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=RUN.states), name="run_state_is_known"),
            models.CheckConstraint(
                condition=models.Q(kind="test") | models.Q(version__isnull=False),
                name="live_run_has_a_version",
            ),
            models.UniqueConstraint(
                fields=["campaign"],
                condition=models.Q(kind="test", state__in=["running", "paused", "failed"]),
                name="one_test_run_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} #{self.pk}"


class RunRequest(models.Model):
    """What a person asked of a run. A row of its own, so that asking never waits for the work's lock."""

    class Action(models.TextChoices):
        PAUSE = "pause", _("pause")
        RESUME = "resume", _("resume")
        STOP = "stop", _("stop")
        RETRY = "retry", _("retry")
        WAKE = "wake", _("execute pending now")
        CONFIRM = "confirm", _("confirm send")

    run = models.ForeignKey(CampaignRun, models.CASCADE, related_name="requests")
    action = models.CharField(_("action"), max_length=8, choices=Action)
    activity_id = models.CharField(max_length=60, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    requested_at = models.DateTimeField(db_default=Now())
    handled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        indexes = [
            models.Index(fields=["run"], condition=models.Q(handled_at__isnull=True), name="run_request_open")
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.run}"


class ActivityRun(models.Model):
    """One activity's part in a run. `owner` and `epoch` fence every write of the worker that has it."""

    run = models.ForeignKey(CampaignRun, models.CASCADE, related_name="activity_runs", verbose_name=_("run"))
    activity_id = models.CharField(_("activity"), max_length=60)
    iteration = models.PositiveIntegerField(_("iteration"), default=0)
    type = models.CharField(_("type"), max_length=40)
    label = models.CharField(_("label"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=22, default="pending", choices=ACTIVITY_RUN.choices)
    state_changed_at = models.DateTimeField(db_default=Now())
    owner = models.UUIDField(null=True, blank=True)
    epoch = models.PositiveIntegerField(default=0)
    backend_pid = models.IntegerField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    queued_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    rows_in = models.BigIntegerField(_("in"), null=True, blank=True)
    memo = models.JSONField(default=dict, blank=True)
    statements = models.TextField(_("SQL"), blank=True)
    problem = models.TextField(_("problem"), blank=True)

    class Meta:
        ordering = ["run", "pk"]
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "activity_id", "iteration"], name="activity_runs_once_an_iteration"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ACTIVITY_RUN.states), name="activity_run_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["lease_until"], condition=models.Q(state="running"), name="activity_run_leased"
            ),
            models.Index(
                fields=["state", "due_at"],
                condition=models.Q(state__in=["pending", "waiting", "sending"]),
                name="activity_run_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.state})"

    @property
    def title(self) -> str:
        """What people call it: its label, else its type, else its id, as in the drawing."""
        return title_of(ActivityPart(id=self.activity_id, type=self.type, label=self.label))


class Iteration(models.Model):
    """One more round of a part of a run, begun by a jump. The first round, number 0, is all of the drawing and no row.

    Its parent is the round in which the jump stands. That a jump begins one round and no second is a constraint.
    """

    run = models.ForeignKey(CampaignRun, models.CASCADE, related_name="iterations", verbose_name=_("run"))
    number = models.PositiveIntegerField(_("round"))
    jump = models.OneToOneField(ActivityRun, models.CASCADE, related_name="began")
    to = models.CharField(_("back to"), max_length=60)
    begun_at = models.DateTimeField(_("begun at"), db_default=Now())

    class Meta:
        ordering = ["run", "number"]
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="iterations_are_numbered"),
            models.CheckConstraint(condition=models.Q(number__gt=0), name="first_iteration_has_no_row"),
        ]

    def __str__(self) -> str:
        return f"{self.run} ({self.number})"


class Population(models.Model):
    """What left an activity by one port: a working table, or a reference to the one of an earlier port.

    `activated` is false for a port nobody takes (an empty subset that is skipped, the branch a test did not choose).
    `columns` lists what the table holds beside its key: [{slug, name, type, label, …}]. Where it also holds what decided
    about each of its people, `decided` says how to read that; it is no column of theirs.
    """

    activity_run = models.ForeignKey(ActivityRun, models.CASCADE, related_name="populations")
    port = models.CharField(_("port"), max_length=60)
    activated = models.BooleanField(default=True)
    dimension = models.CharField(_("dimension"), max_length=80, blank=True)
    table_name = models.CharField(max_length=63, blank=True)
    owns_table = models.BooleanField(default=False)
    columns = models.JSONField(default=list, blank=True)
    decided = models.JSONField(default=None, null=True, blank=True)
    row_count = models.BigIntegerField(_("rows"), null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["activity_run", "pk"]
        verbose_name = _("population")
        verbose_name_plural = _("populations")
        constraints = [models.UniqueConstraint(fields=["activity_run", "port"], name="one_population_a_port")]

    def __str__(self) -> str:
        return f"{self.activity_run}.{self.port}: {self.row_count}"

    @property
    def is_kept(self) -> bool:
        """Whether its rows can still be read; how many there were is known for ever."""
        return bool(self.table_name) and self.dropped_at is None


class RunLogEntry(models.Model):
    """The execution log: every step of the engine and every act of a person on a run, in order."""

    class Level(models.TextChoices):
        INFO = "info", _("info")
        WARNING = "warning", _("warning")
        ERROR = "error", _("error")

    run = models.ForeignKey(CampaignRun, models.CASCADE, related_name="log")
    at = models.DateTimeField(_("at"), db_default=Now())
    level = models.CharField(_("level"), max_length=8, choices=Level, default=Level.INFO)
    activity_id = models.CharField(_("activity"), max_length=60, blank=True)
    event = models.CharField(_("event"), max_length=40)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    detail = models.JSONField(_("detail"), default=dict, blank=True)

    class Meta:
        ordering = ["run", "pk"]
        verbose_name = _("log entry")
        verbose_name_plural = _("execution log")
        indexes = [models.Index(fields=["run", "id"], name="run_log_order")]

    def __str__(self) -> str:
        return f"{self.event} {self.activity_id}".strip()


class Occurrence(models.Model):
    """A planned launch. One row per campaign and planned time, whatever version, so that it can launch only once."""

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="occurrences", verbose_name=_("campaign")
    )
    planned_at = models.DateTimeField(_("planned at"))
    version = models.ForeignKey(CampaignVersion, models.PROTECT, null=True, blank=True, related_name="+")
    run = models.OneToOneField(CampaignRun, models.SET_NULL, null=True, blank=True, related_name="occurrence")
    state = models.CharField(_("state"), max_length=8, default="due", choices=OCCURRENCE.choices)
    state_changed_at = models.DateTimeField(db_default=Now())
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        ordering = ["-planned_at"]
        verbose_name = _("occurrence")
        verbose_name_plural = _("occurrences")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "planned_at"], name="one_occurrence_a_planned_time"),
            models.CheckConstraint(
                condition=models.Q(state__in=OCCURRENCE.states), name="occurrence_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.planned_at:%Y-%m-%d %H:%M}"
