from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.content.sms_segments import BASIC, EXTENDED, normal, segments_of

VECTORS = json.loads(Path(__file__).with_name("sms_vectors.json").read_text())

# The oracle goes by the bytes that travel: seven-bit codes with an escape, or UTF-16, cut by hand.
ESCAPE = 27
ROWS = (
    "@£$¥èéùìòÇ\nØø\rÅå",
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ",
    " !\"#¤%&'()*+,-./",
    "0123456789:;<=>?",
    "¡ABCDEFGHIJKLMNO",
    "PQRSTUVWXYZÄÖÑÜ§",
    "¿abcdefghijklmno",
    "pqrstuvwxyzäöñüà",
)
CODES = {each: number for number, each in enumerate("".join(ROWS)) if number != ESCAPE}
ESCAPED = {"\f": 10, "^": 20, "{": 40, "}": 41, "\\": 47, "[": 60, "~": 61, "]": 62, "|": 64, "€": 101}


def codes_of(character: str) -> list[int] | None:
    if character in CODES:
        return [CODES[character]]
    return [ESCAPE, ESCAPED[character]] if character in ESCAPED else None


def travelling(text: str) -> tuple[str, list[list[int]]]:
    """The alphabet and the units of each character."""
    coded = [codes_of(each) for each in text]
    if all(each is not None for each in coded):
        return "gsm7", [each for each in coded if each is not None]
    units = [each.encode("utf-16-be") for each in text]
    return "ucs2", [[int.from_bytes(u[n : n + 2], "big") for n in range(0, len(u), 2)] for u in units]


def parts_of(text: str) -> tuple[str, list[list[int]]]:
    alphabet, characters = travelling(text)
    one, several = (160, 153) if alphabet == "gsm7" else (70, 67)
    whole = [unit for character in characters for unit in character]
    if len(whole) <= one:
        return alphabet, [whole] if whole else []
    parts: list[list[int]] = [[]]
    for character in characters:
        if len(parts[-1]) + len(character) > several:
            parts.append([])
        parts[-1] += character
    return alphabet, parts


def text_of(vector: dict[str, object]) -> str:
    return "".join(piece * times for piece, times in vector["pieces"])  # type: ignore[attr-defined]


@pytest.mark.parametrize("vector", VECTORS["segments"], ids=lambda each: each["name"])
def test_the_shared_examples(vector: dict[str, object]) -> None:
    found = segments_of(text_of(vector))
    expected = [vector[name] for name in ("alphabet", "units", "count", "left", "outside")]
    assert [found.alphabet, found.units, found.count, found.left, "".join(found.outside)] == expected


@pytest.mark.parametrize("vector", VECTORS["segments"], ids=lambda each: each["name"])
def test_the_examples_are_what_the_oracle_says(vector: dict[str, object]) -> None:
    alphabet, parts = parts_of(text_of(vector))
    assert (alphabet, len(parts), sum(map(len, parts))) == (
        vector["alphabet"],
        vector["count"],
        vector["units"],
    )


@pytest.mark.parametrize("example", VECTORS["normal"], ids=lambda each: ascii(each["given"]))
def test_what_is_sent_is_normal(example: dict[str, str]) -> None:
    assert normal(example["given"]) == example["sent"]


def test_the_tables_are_those_of_the_standard() -> None:
    assert frozenset(CODES) == BASIC
    assert frozenset(ESCAPED) == EXTENDED
    assert (len(BASIC), len(EXTENDED)) == (127, 10)


LETTERS = st.one_of(
    st.sampled_from("aé€{ \n한ê🎉’"), st.characters(exclude_categories=["Cs"]), st.sampled_from(sorted(BASIC))
)


@given(st.lists(st.tuples(LETTERS, st.integers(1, 160)), max_size=8))
def test_every_text_is_cut_as_the_oracle_cuts_it(pieces: list[tuple[str, int]]) -> None:
    text = "".join(letter * times for letter, times in pieces)
    alphabet, parts = parts_of(text)
    found = segments_of(text)
    assert (found.alphabet, found.count, found.units) == (alphabet, len(parts), sum(map(len, parts)))
    limit = {"gsm7": (160, 153), "ucs2": (70, 67)}[alphabet][len(parts) > 1]
    assert found.left == limit - (len(parts[-1]) if parts else 0)
    assert found.outside == tuple(dict.fromkeys(each for each in text if codes_of(each) is None))
