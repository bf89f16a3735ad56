"""Korean particles in a finished sentence: “수이(가)” becomes “수가”, “합계이(가)” becomes “합계가”.

A pattern cannot know which word comes before its particle, so it has both forms. Where the word ends in a Hangul syllable
or a digit, its sound decides; after other letters both forms stay, as they do in print.
"""

from __future__ import annotations

import re

_PARTICLE = re.compile(r"([가-힣0-9])([”’)]?)(이\(가\)|은\(는\)|을\(를\)|과\(와\)|\(으\)로)")
_FORMS = {
    "이(가)": ("이", "가"),
    "은(는)": ("은", "는"),
    "을(를)": ("을", "를"),
    "과(와)": ("과", "와"),
    "(으)로": ("으로", "로"),
}
_RIEUL = 8
_FINALS_OF_DIGITS = dict(zip("0123456789", (21, _RIEUL, 0, 16, 0, 0, 1, _RIEUL, _RIEUL, 0), strict=True))
"""The final sound of 영, 일, 이, 삼, 사, 오, 육, 칠, 팔 and 구, counted as Unicode counts them; 0 is none."""


def with_particles(words: str) -> str:
    """The words with every particle that the word before it decides."""
    return _PARTICLE.sub(_decided, words)


def _decided(found: re.Match[str]) -> str:
    last, closing, particle = found.groups()
    final = _FINALS_OF_DIGITS[last] if last.isdecimal() else (ord(last) - ord("가")) % 28
    is_closed = final > 0 and not (particle == "(으)로" and final == _RIEUL)
    closed, opened = _FORMS[particle]
    return f"{last}{closing}{closed if is_closed else opened}"
