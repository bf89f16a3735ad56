"""Templates: listed with those that are shipped, saved from campaigns, used for new ones, deleted."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response
from rest_framework.reverse import reverse

from campaigns.api.door import Door
from campaigns.api.idempotency import idempotent
from campaigns.api.parameters import IDEMPOTENCY_KEY
from campaigns.api.permissions import Need
from campaigns.api.preconditions import etag
from campaigns.api.serializers import CampaignSummary
from campaigns.campaign_templates.blanks import Kind, choices
from campaigns.campaign_templates.gallery import all_templates, of_row, template_named
from campaigns.campaign_templates.saving import delete_template, save_as_template, what_it_needs
from campaigns.campaign_templates.template import Template, create_from_template
from campaigns.drafts import load_draft
from campaigns.models import Campaign, CampaignTemplate
from campaigns.world import load_world

SLUG = r"^[a-z0-9]+([_-][a-z0-9]+)*\Z"


class BlankShape(serializers.Serializer[Any]):
    """What is asked when the template is used, and what may be answered. Dates depend on the dimension."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind])
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    default = serializers.CharField(allow_blank=True)
    choices = serializers.ListField(child=serializers.CharField())


class TemplateShape(serializers.Serializer[Any]):
    """A template in a list."""

    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    needs = serializers.CharField(allow_blank=True)
    shipped = serializers.BooleanField(help_text=_("Whether it came with the installation, and stays."))


@extend_schema_serializer(many=False)
class TemplateList(serializers.Serializer[Any]):
    templates = TemplateShape(many=True)


class WholeTemplate(TemplateShape):
    """With its questions, and its document, in which a blank is written {"$blank": name}."""

    blanks = BlankShape(many=True)
    document = serializers.JSONField()


class NewTemplateBody(serializers.Serializer[Any]):
    """The draft of the campaign becomes the template; its channels will be asked for anew."""

    campaign = serializers.CharField(max_length=80, help_text=_("The slug of the campaign."))
    slug = serializers.RegexField(SLUG, max_length=80)
    name = serializers.CharField(max_length=120)
    description = serializers.CharField(required=False, default="", allow_blank=True, max_length=2000)
    needs = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=2000,
        help_text=_("Left out, it follows from the document."),
    )


class UseBody(serializers.Serializer[Any]):
    slug = serializers.RegexField(SLUG, max_length=80, help_text=_("Of the new campaign."))
    name = serializers.CharField(max_length=200)
    time_zone = serializers.CharField(required=False, default="UTC", max_length=64)
    folder = serializers.IntegerField(required=False, allow_null=True, default=None)
    answers = serializers.DictField(
        child=serializers.CharField(max_length=500),
        required=False,
        default=dict,
        help_text=_("By the name of the blank."),
    )


class CampaignTemplates(Door):
    """Campaigns to begin with. Shipped ones assume nothing of your tables: they ask."""

    queryset = CampaignTemplate.objects.all()
    serializer_class = TemplateShape
    pagination_class = None
    filter_backends = ()
    lookup_field = "slug"
    lookup_value_regex = r"[a-z0-9]+(?:[_-][a-z0-9]+)*"
    needs: ClassVar = {
        "list": Need("read", "campaigns.view_campaign"),
        "retrieve": Need("read", "campaigns.view_campaign"),
        "create": Need("write", "campaigns.add_campaign"),
        "use": Need("write", "campaigns.add_campaign"),
        "destroy": Need("write", "campaigns.change_campaign"),
    }

    @extend_schema(responses=TemplateList)
    def list(self, request: Any) -> Response:
        """All of them, your own first."""
        return Response({"templates": [_shown(each) for each in all_templates()]})

    @extend_schema(responses=WholeTemplate)
    def retrieve(self, request: Any, slug: str) -> Response:
        """One template with its questions."""
        return Response(_whole(_found(slug)))

    @extend_schema(request=NewTemplateBody, responses={201: WholeTemplate}, parameters=[IDEMPOTENCY_KEY])
    @idempotent()
    def create(self, request: Any) -> Response:
        """Save a campaign's draft as a template."""
        body = NewTemplateBody(data=request.data)
        body.is_valid(raise_exception=True)
        sent = body.validated_data
        campaign = get_object_or_404(Campaign, slug=sent.pop("campaign"))
        sent.setdefault("needs", what_it_needs(load_draft(campaign)))
        row = save_as_template(campaign, **sent, by=request.user)
        place = reverse("campaign-template-detail", kwargs={"slug": row.slug})
        return Response(_whole(of_row(row)), status=201, headers={"Location": place})

    @extend_schema(request=UseBody, responses={201: CampaignSummary}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    @idempotent()
    def use(self, request: Any, slug: str) -> Response:
        """A new campaign of the template. What is not answered is refused at its place."""
        body = UseBody(data=request.data)
        body.is_valid(raise_exception=True)
        sent = body.validated_data
        header = {name: sent[name] for name in ("slug", "name", "time_zone")}
        campaign = create_from_template(
            _found(slug), header, sent["answers"], folder=sent["folder"], by=request.user
        )
        headers = {
            "ETag": etag(campaign.draft_hash),
            "Location": reverse("campaign-detail", kwargs={"slug": campaign.slug}),
        }
        return Response(CampaignSummary(campaign).data, status=201, headers=headers)

    @extend_schema(responses={204: None})
    def destroy(self, request: Any, slug: str) -> Response:
        """Delete a saved template. Campaigns that were made of it stay; shipped templates stay too."""
        delete_template(self.get_object(), by=request.user)
        return Response(status=204)


def _found(slug: str) -> Template:
    template = template_named(slug)
    if template is None:
        raise Http404
    return template


def _shown(template: Template) -> dict[str, Any]:
    return {
        "slug": template.slug,
        "name": str(template.name),
        "description": str(template.sentence),
        "needs": str(template.needs),
        "shipped": template.is_shipped,
    }


def _whole(template: Template) -> dict[str, Any]:
    world = load_world(template.example())
    blanks = [
        {**each.as_dict(), "choices": [choice.value for choice in choices(each.kind, world)]}
        for each in template.blanks
    ]
    return {**_shown(template), "blanks": blanks, "document": template.document()}
