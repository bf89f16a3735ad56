from __future__ import annotations

from email.message import EmailMessage

from config.simulator.letters import read_letter

TOKEN = "A" * 32


def mail(html: str) -> bytes:
    message = EmailMessage()
    message["To"] = "ann@example.com"
    message.set_content("plain")
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


def test_a_plain_text_holds_nothing_to_fetch() -> None:
    letter = read_letter(mail(""))
    assert (letter.pixel, letter.links, letter.hidden) == ("", (), "")


def test_only_addresses_with_tokens_are_found_and_the_hidden_one_apart() -> None:
    letter = read_letter(
        mail(
            f'<a href="http://127.0.0.1:8000/c/{TOKEN}">A</a> <a href="https://shop.example.com/c/short">B</a>'
            f'<a href="mailto:x@example.com">C</a><a href="http://127.0.0.1:8000/c/{"B" * 32}" style="display:none"></a>'
            f'<img src="http://127.0.0.1:8000/o/{TOKEN}">'
        )
    )
    assert letter.links == (f"http://127.0.0.1:8000/c/{TOKEN}",)
    assert letter.hidden.endswith("B" * 32)
    assert letter.pixel.endswith(f"/o/{TOKEN}")
