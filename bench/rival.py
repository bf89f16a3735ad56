"""The same messages by django-post_office, rendered when they are sent: `python -m bench.rival COUNT ROUNDS`.

Queues COUNT messages untimed, prints a line, begins to send by two processes at a line on standard input, prints
the seconds, and so on for each round.
"""

from __future__ import annotations

import sys
import time

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from post_office import mail  # noqa: E402
from post_office.models import STATUS, Email, EmailTemplate  # noqa: E402

from bench.letter import BASE, HTML, SENDER, SUBJECT, TEXT, values_of  # noqa: E402

PROCESSES = 2


def queue(template: EmailTemplate, count: int) -> None:
    mail.send_many([_order(template, number) for number in range(count)])


def _order(template: EmailTemplate, number: int) -> dict[str, object]:
    extra = {"unsubscribe_url": f"{BASE}/u/{number:032d}", "postal_address": "1 Market Street"}
    return {
        "sender": SENDER,
        "recipients": [f"p{number}@example.com"],
        "template": template,
        "context": {**values_of(number), **extra},
        "render_on_delivery": True,
    }


def send() -> int:
    mail.send_queued_mail_until_done(processes=PROCESSES, log_level=0)
    return int(Email.objects.filter(status=STATUS.sent).count())


def main() -> None:
    count, rounds = map(int, sys.argv[1:])
    call_command("migrate", verbosity=0)
    template = EmailTemplate.objects.create(name="letter", subject=SUBJECT, content=TEXT, html_content=HTML)
    for _ in range(rounds):
        queue(template, count)
        print("ready", flush=True)
        if not sys.stdin.readline():
            return
        started = time.perf_counter()
        sent = send()
        print(time.perf_counter() - started, flush=True)
        if sent != count:
            raise SystemExit(f"{sent} of {count} were sent.")
        Email.objects.all().delete()


if __name__ == "__main__":
    main()
