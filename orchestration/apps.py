from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrchestrationConfig(AppConfig):
    name = "orchestration"
    verbose_name = _("Orchestration")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from orchestration.feedback import receivers  # noqa: F401
