"""An independent reader of messages, for tests only: written from the RFCs, without `email` and without our
own code.

It takes raw bytes and is strict: what a lenient reader would repair is an error here.
"""

from __future__ import annotations

import re

ENCODED_WORD = re.compile(rb"=\?([A-Za-z0-9-]+)\?([bBqQ])\?([!->@-~]*)\?=")
HEX = b"0123456789ABCDEF"
BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def faults_of_bytes(message: bytes) -> list[str]:
    """What is wrong with the message as a sequence of lines."""
    faults = [
        name for name, bad in ((b"NUL", b"\x00" in message), (b"end", not message.endswith(b"\r\n"))) if bad
    ]
    for line in message.split(b"\r\n"):
        if b"\r" in line or b"\n" in line:
            faults.append(b"bare CR or LF")
        if len(line) > 998:
            faults.append(b"line of %d" % len(line))
    head = message.partition(b"\r\n\r\n")[0]
    faults += [b"8-bit header"] if not head.isascii() else []
    for line in head.split(b"\r\n"):
        if not line.strip():
            faults.append(b"blank header line")
        if b"=?" in line:
            faults += [b"long line with a word: %d" % len(line)] if len(line) > 76 else []
            faults += [b"long word" for word in ENCODED_WORD.finditer(line) if len(word[0]) > 75]
    return [fault.decode() if isinstance(fault, bytes) else fault for fault in faults]


def split(message: bytes) -> tuple[dict[str, bytes], bytes]:
    """Raw header values by lower-case name (folds kept) and the body; a repeated header is an error."""
    head, _, body = message.partition(b"\r\n\r\n")
    headers: dict[str, bytes] = {}
    for field in re.split(rb"\r\n(?![ \t])", head):
        name, colon, value = field.partition(b":")
        assert re.fullmatch(rb"[!-9;-~]+:", name + colon), field
        assert name.lower().decode() not in headers, name
        headers[name.lower().decode()] = value[1:] if value.startswith(b" ") else value
    return headers, body


def unfold(value: bytes) -> bytes:
    return re.sub(rb"\r\n(?=[ \t])", b"", value)


def decode_words(value: bytes) -> str:
    """Unstructured text: adjacent encoded words are joined, each must hold whole characters."""
    text, position, after_word = "", 0, False
    value = unfold(value)
    for word in ENCODED_WORD.finditer(value):
        between = value[position : word.start()].decode("ascii")
        text += "" if after_word and not between.strip(" \t") else between
        assert word[1].lower() == b"utf-8"
        text += (_base64(word[3]) if word[2] in b"bB" else _q(word[3])).decode("utf-8")
        position, after_word = word.end(), True
    rest = value[position:].decode("ascii")
    assert "=?" not in rest, rest
    return text + rest


def decode_mailbox(value: bytes) -> tuple[str, str]:
    """Display name and address of a header with one mailbox."""
    value = unfold(value)
    if not value.endswith(b">"):
        assert re.fullmatch(rb"[^\s<>\",;:]+@[A-Za-z0-9.-]+", value), value
        return "", value.decode()
    phrase, _, address = value[:-1].rpartition(b"<")
    assert re.fullmatch(rb"[^\s<>\",;:]+@[A-Za-z0-9.-]+", address), address
    return _phrase(phrase.strip(b" ")), address.decode()


def _phrase(phrase: bytes) -> str:
    if phrase.startswith(b'"'):
        assert re.fullmatch(rb'"(?:[^"\\]|\\.)*"', phrase), phrase
        return re.sub(rb"\\(.)", rb"\1", phrase[1:-1]).decode("ascii")
    outside = ENCODED_WORD.sub(b"", phrase)
    assert not re.search(rb'[()<>@,;:\\".\[\]]', outside), phrase
    return decode_words(phrase)


def parts(body: bytes, content_type: bytes) -> list[tuple[dict[str, bytes], bytes]]:
    """The parts of a multipart body, decoded by their transfer encoding."""
    boundary = re.search(rb'boundary="([^"]+)"', content_type)
    assert boundary
    assert len(boundary[1]) <= 70
    delimiter = b"\r\n--" + boundary[1]
    pieces = (b"\r\n" + body).split(delimiter)
    assert pieces[-1] == b"--\r\n", pieces[-1]
    assert pieces[0].strip() == b""
    return [_decoded(*split(piece.removeprefix(b"\r\n"))) for piece in pieces[1:-1]]


def _decoded(headers: dict[str, bytes], body: bytes) -> tuple[dict[str, bytes], bytes]:
    encoding = headers["content-transfer-encoding"].lower()
    decoders = {b"8bit": bytes, b"quoted-printable": quoted_printable, b"base64": _base64}
    return headers, decoders[encoding](body)


def quoted_printable(data: bytes) -> bytes:
    decoded = b""
    for line in data.split(b"\r\n"):
        assert len(line) <= 76, line
        assert not line.endswith((b" ", b"\t")), line
        soft = line.endswith(b"=")
        decoded += _escapes(line[:-1] if soft else line) + (b"" if soft else b"\r\n")
    return decoded.removesuffix(b"\r\n")


def _escapes(line: bytes) -> bytes:
    assert re.fullmatch(rb"(?:[\t -<>-~]|=[0-9A-F]{2})*", line), line
    return re.sub(
        rb"=(..)", lambda found: bytes((HEX.index(found[1][:1]) * 16 + HEX.index(found[1][1:]),)), line
    )


def _q(data: bytes) -> bytes:
    assert re.fullmatch(rb"(?:[A-Za-z0-9!*+/_-]|=[0-9A-F]{2})*", data), data
    return _escapes(data.replace(b"_", b" "))


def _base64(data: bytes) -> bytes:
    data = data.replace(b"\r\n", b"")
    assert len(data) % 4 == 0
    bits = "".join(f"{BASE64.index(bytes((byte,))):06b}" for byte in data.rstrip(b"="))
    return bytes(int(bits[start : start + 8], 2) for start in range(0, len(bits) - len(bits) % 8, 8))
