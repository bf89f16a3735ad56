"""What every endpoint of the API has in common. Endpoints of other apps derive from it too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.viewsets import GenericViewSet

from campaigns.api.authentication import PageAuthentication, TokenAuthentication
from campaigns.api.formats import StrictJsonParser
from campaigns.api.idempotency import keep_body
from campaigns.api.permissions import Allowed, Need
from campaigns.api.refusals import answer_exception
from campaigns.api.throttling import MinuteThrottle
from campaigns.audit import through


class Door(GenericViewSet[Any]):
    """A viewset that says in `needs` what each of its actions needs; whoever acts through it is audited as
    “api”.
    """

    authentication_classes = (TokenAuthentication, PageAuthentication)
    permission_classes: Any = (Allowed,)
    throttle_classes = (MinuteThrottle,)
    parser_classes: Any = (StrictJsonParser,)
    http_method_names: Any = ("get", "head", "post", "put", "patch", "delete")
    needs: ClassVar[Mapping[str, Need]] = {}

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        with through("api"):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        keep_body(self, request)
        super().initial(request, *args, **kwargs)

    def check_permissions(self, request: Any) -> None:
        """What depends on the thing is checked here too: before an answer is repeated, not only before an act."""
        super().check_permissions(request)
        need = self.needs.get(self.action or "")
        if need and need.by_thing:
            self.get_object()

    def get_exception_handler(self) -> Any:
        return answer_exception
