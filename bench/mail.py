# ruff: noqa: E402 - Django is set up before what needs its settings is imported
"""How fast messages are made and handed over: `python -m bench.mail [--messages 5000]`.

Prints messages a second for making alone, for making and sending into the raw sink, for pre-rendered bytes
pipelined down the same socket (the ceiling of this machine and that sink), and for Django's own mail classes
and SMTP backend.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from statistics import median

import django

django.setup()

from django.core.mail import EmailMultiAlternatives, get_connection
from django.template import Context, Template

from campaigns.content.email_content import EmailContent
from orchestration.mail.connecting import Connection, Server, connect
from orchestration.mail.messages import Encoding, Letter, MessageTemplate, Sender, compile_message
from orchestration.mail.outgoing import OutgoingMessage
from orchestration.mail.smtp import send_batch
from orchestration.transport import MICRO_BATCH, Kind

BASE = "https://news.example-of-35-chars.co"
SENDER = "news@shop.example"
PARAGRAPH = (
    '<tr><td style="padding:12px 24px;font-family:Helvetica,Arial,sans-serif;font-size:15px;line-height:22px;'
    'color:#333333">Seasonal picks, chosen for you – fresh from the market, at honest prices.</td></tr>\n'
)
LINK = '<tr><td><a href="https://shop.example/products/{0}?from=mail&amp;at={0}">Product {0}</a></td></tr>\n'
VALUES = "".join(f"<tr><td>{{{{ profile.field_{number} }}}}</td></tr>\n" for number in range(10))
LOOP = (
    "{% for item in profile.items %}<tr><td>{{ item.name }}</td><td>{{ item.price }}</td></tr>\n{% endfor %}"
    "{% if profile.vip %}<tr><td>Thanks.</td></tr>{% else %}<tr><td>Hello.</td></tr>{% endif %}"
)
HEAD = "<html><body><table>\n<tr><td>{{ profile.first_name }} {{ profile.last_name }},</td></tr>\n"
FOOT = '<tr><td><a href="{{ unsubscribe_url }}">Unsubscribe</a></td></tr>\n</table></body></html>\n'
HTML = HEAD + VALUES + "".join(LINK.format(number) for number in range(1, 18)) + PARAGRAPH * 68 + LOOP + FOOT
TEXT = "Dear {{ profile.first_name }},\n\nSeasonal picks for you.\n\nUnsubscribe: {{ unsubscribe_url }}\n"
SUBJECT = "{{ profile.first_name }}, this week for you"


@dataclass(frozen=True)
class Figure:
    """Messages a second by the clock, which other work on the machine lowers, and processor time a message
    here.
    """

    rate: float
    cpu: float


def values_of(number: int) -> dict[str, object]:
    profile: dict[str, object] = {f"field_{field}": f"value {field} of {number}" for field in range(10)}
    first_name = "Käthe" if number % 3 == 0 else "Kim"
    profile |= {"first_name": first_name, "last_name": f"Lee {number}", "vip": number % 2 == 0}
    profile["items"] = [{"name": f"Item {item} & more", "price": f"{item}.99"} for item in range(3)]
    return {"profile": profile}


def letters(count: int) -> list[Letter]:
    return [letter(number) for number in range(count)]


def letter(number: int) -> Letter:
    return Letter(number, f"<1.{number}@shop.example>", f"p{number}@example.com", values_of(number))


def built(template: MessageTemplate, letter: Letter, encoding: Encoding) -> OutgoingMessage:
    return OutgoingMessage(letter.message, SENDER, letter.address, template.build(letter, encoding=encoding))


def make_all(template: MessageTemplate, people: Sequence[Letter], encoding: Encoding) -> None:
    for one in people:
        built(template, one, encoding)


def batches(messages: Iterator[OutgoingMessage]) -> Iterator[list[OutgoingMessage]]:
    while batch := list(islice(messages, MICRO_BATCH)):
        yield batch


def send_all(connection: Connection, messages: Iterator[OutgoingMessage]) -> None:
    for batch in batches(messages):
        kinds = {outcome.kind for outcome in send_batch(connection, batch)}
        if kinds != {Kind.SENT}:
            raise SystemExit(f"The sink answered {kinds}.")


def django_messages(people: Sequence[Letter]) -> Iterator[EmailMultiAlternatives]:
    html, text, subject = (Template(source) for source in (HTML, TEXT, SUBJECT))
    for letter in people:
        context = Context({**letter.values, "unsubscribe_url": f"{BASE}/u/{letter.message:032d}"})
        message = EmailMultiAlternatives(
            subject.render(context), text.render(context), SENDER, [letter.address]
        )
        message.attach_alternative(html.render(context), "text/html")
        yield message


@contextmanager
def raw_sink() -> Iterator[int]:
    with subprocess.Popen(
        [sys.executable, "-m", "bench.raw_sink"], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield int(process.stdout.readline()) if process.stdout else 0
        finally:
            process.kill()


def rate(count: int, work: Callable[[], object], rounds: int = 3) -> Figure:
    """Median of `rounds`."""
    return Figure(
        *(median(figures) for figures in zip(*(timed(count, work) for _ in range(rounds)), strict=True))
    )


def timed(count: int, work: Callable[[], object]) -> tuple[float, float]:
    wall, busy = time.perf_counter(), time.process_time()
    work()
    return count / (time.perf_counter() - wall), (time.process_time() - busy) / count * 1e6


def show(name: str, figure: Figure, ceiling: Figure | None = None) -> None:
    share = f"  {figure.rate / ceiling.rate:5.2f} of the ceiling" if ceiling else ""
    print(f"{name:<50}{figure.rate:>8,.0f}/s {figure.cpu:>7,.0f} µs of processor{share}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=5_000)
    count: int = parser.parse_args().messages
    template = compile_message(
        EmailContent(subject=SUBJECT, html=HTML, text=TEXT),
        Sender(SENDER, "Shop"),
        base_url=BASE,
        marketing=True,
    )
    people = letters(count)
    print(f"{len(template.build(people[0])):,} bytes, 17 tracked links, median of 3 rounds of {count:,}")
    measure(template, people)


def measure(template: MessageTemplate, people: Sequence[Letter]) -> None:
    count = len(people)
    for encoding in Encoding:
        show(f"make, {encoding}", rate(count, partial(make_all, template, people, encoding)))
    with raw_sink() as port:
        connection = connect(Server("127.0.0.1", port))
        ready = [built(template, one, Encoding.EIGHT_BIT) for one in people]
        ceiling = rate(count, lambda: send_all(connection, iter(ready)))
        show("pre-rendered bytes, pipelined (the ceiling)", ceiling)
        for encoding in Encoding:
            show(
                f"make and send, {encoding}",
                rate(count, partial(both, connection, template, people, encoding)),
                ceiling,
            )
        connection.close()
        few = people[: max(count // 10, 1)]
        show(
            "Django's templates, classes, SMTP backend",
            rate(len(few), lambda: send_by_django(port, few)),
            ceiling,
        )


def both(
    connection: Connection, template: MessageTemplate, people: Sequence[Letter], encoding: Encoding
) -> None:
    send_all(connection, (built(template, one, encoding) for one in people))


def send_by_django(port: int, people: Sequence[Letter]) -> None:
    with get_connection(
        "django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=port
    ) as backend:
        for message in django_messages(people):
            backend.send_messages([message])


if __name__ == "__main__":
    main()
