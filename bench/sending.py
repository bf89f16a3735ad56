# ruff: noqa: E402 - Django is set up before what needs its settings is imported
"""Personalised messages by two worker processes, beside three other ways down the same sockets: `python -m bench.sending`.

The installation's own Celery worker against django-post_office, against pre-rendered bytes, and against what the sink
can take at most. Says each round's rates, then prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from statistics import median

import django

django.setup()

from django.db import connection

from bench.mail import raw_sink
from bench.pairs import Child, time_together
from bench.send_campaign import send_document
from bench.shop import open_shop
from bench.turns import settle
from bench.workers import peak_megabytes, sender_worker
from campaigns.drafts import save_draft
from campaigns.models import ChannelConfiguration, TargetingDimension
from campaigns.publishing import publish_campaign
from orchestration.confirmation import confirm_delivery
from orchestration.execution import execute_activity
from orchestration.models import CampaignRun, Delivery

MESSAGES = 20_000
ROUNDS = 3
PROCESSES = 2
PATIENCE = 600
CONSENTS = """
INSERT INTO campaigns_consent (dimension_id, recipient_key, channel, state)
SELECT %s, id::text, 'email', 'opted_in' FROM shop.person WHERE id <= %s
"""
Rates = dict[str, list[float]]


def main() -> None:
    count = max(2000, round(MESSAGES * float(os.environ.get("TUTTI_BENCH_SCALE", "1"))))
    with raw_sink() as port:
        environment = {**os.environ, "BENCH_SINK_PORT": str(port)}
        prepare(port, count)
        with (
            Child("bench.rival", count, ROUNDS, environment=rival_environment(environment)) as rival,
            sender_worker(environment) as worker,
        ):
            rates = rounds(port, count, rival, environment)
            peaks = peak_megabytes(worker)
    medians = {way: median(figures) for way, figures in rates.items()}
    print(json.dumps({"messages": count, "rates": medians, "peak_megabytes": peaks}))


def prepare(port: int, count: int) -> None:
    if not TargetingDimension.objects.filter(slug="person").exists():
        open_shop(count)
    ChannelConfiguration.objects.create(
        slug="bench-mail",
        name="Raw sink",
        provider="smtp",
        provider_config={"host": "127.0.0.1", "port": port, "security": "none"},
        sender_address="news@shop.example",
        sender_name="Shop",
        message_domain="mail.shop.example",
        postal_address="1 Market Street",
    )
    dimension = TargetingDimension.objects.get(slug="person")
    with connection.cursor() as cursor:
        cursor.execute(CONSENTS, [dimension.pk, count])


def rival_environment(environment: dict[str, str]) -> dict[str, str]:
    packages = environment.get("BENCH_PACKAGES", "")
    path = os.pathsep.join(filter(None, (packages, environment.get("PYTHONPATH"))))
    return {**environment, "DJANGO_SETTINGS_MODULE": "bench.rival_settings", "PYTHONPATH": path}


def rounds(port: int, count: int, rival: Child, environment: dict[str, str]) -> Rates:
    """Messages a second of each way; the ceiling first, the order of the others turning with the rounds."""
    ways = {
        "post_office": lambda _number: send_by_rival(rival, count),
        "prerendered": lambda _number: throw(port, count, "prerendered", environment),
        "tutti": lambda number: send_by_workers(number, count),
    }
    rates: Rates = {"ceiling": [], **{way: [] for way in ways}}
    for number in range(ROUNDS):
        turned = [*ways][number:] + [*ways][:number]
        rates["ceiling"].append(throw(port, count, "ceiling", environment))
        for way in turned:
            settle()
            rates[way].append(ways[way](number))
        latest = ", ".join(f"{way} {figures[-1]:,.0f}" for way, figures in rates.items())
        sys.stderr.write(f"round {number + 1}, messages a second: {latest}\n")
    return rates


def throw(port: int, count: int, mode: str, environment: dict[str, str]) -> float:
    share = count // PROCESSES
    seconds = time_together(
        [Child("bench.raw_client", port, share, mode, environment=environment) for _ in range(PROCESSES)]
    )
    return share * PROCESSES / seconds


def send_by_rival(rival: Child, count: int) -> float:
    rival.hear()
    rival.say("go")
    return count / float(rival.hear())


def send_by_workers(number: int, count: int) -> float:
    """From the confirmation to the delivery's being settled, everything between included."""
    delivery = prepared(number, count)
    started = time.perf_counter()
    confirm_delivery(delivery)
    while not Delivery.objects.filter(pk=delivery.pk, state="settled").exists():
        if time.perf_counter() - started > PATIENCE:
            raise SystemExit("The delivery is not settled after ten minutes.")
        time.sleep(0.02)
    seconds = time.perf_counter() - started
    sent = delivery.messages.filter(state="sent").count()
    if sent != count:
        raise SystemExit(f"{sent} of {count} messages were sent.")
    return count / seconds


def prepared(number: int, count: int) -> Delivery:
    campaign = save_draft(None, send_document(f"send-{number}", people=count))
    publish_campaign(campaign, by=None, if_match=campaign.draft_hash, confirm_warnings=True)
    run = CampaignRun.objects.get(campaign=campaign)
    while pending := run.activity_runs.filter(state="pending").first():
        execute_activity(pending.pk)
    return Delivery.objects.get(activity_run__run=run)


if __name__ == "__main__":
    main()
