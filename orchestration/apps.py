from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrchestrationConfig(AppConfig):
    name = "orchestration"
    verbose_name = _("Orchestration")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every file of `activities` registers its type; receivers, checks and refusals are made known."""
        from orchestration import activities, checks, receivers, refusals  # noqa: F401
        from orchestration.feedback import receivers as feedback_receivers  # noqa: F401

        for module in iter_modules(activities.__path__):
            import_module(f"{activities.__name__}.{module.name}")
