import gzip
import io
import zipfile
from pathlib import Path

import pytest

from campaigns.imports.content import fingerprint_of, start_of_text
from campaigns.imports.refusals import ImportRefused


def written(folder: Path, content: bytes) -> Path:
    path = folder / "people.csv"
    path.write_bytes(content)
    return path


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("people.csv", b"\0" * 10_000_000)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (zipped(), "ZIP"),
        (gzip.compress(b"id\n1\n"), "gzip"),
        (b"PAR1\x15\x04", "Parquet"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "XLS"),
    ],
    ids=["zip bomb", "gzip", "parquet", "pdf", "xls"],
)
def test_another_format_named_csv_is_refused_by_what_it_is(tmp_path: Path, content: bytes, name: str) -> None:
    with pytest.raises(ImportRefused, match=name):
        start_of_text(written(tmp_path, content))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_refused_with_the_remedy(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, "id,name\n1,Ada\n".encode(encoding))
    with pytest.raises(ImportRefused, match="Save it as UTF-8"):
        start_of_text(path)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf \r\n"])
def test_a_file_of_nothing_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ImportRefused, match="The file is empty"):
        start_of_text(written(tmp_path, content))


@pytest.mark.parametrize(("content", "start"), [(b"id\n1\n", 0), (b"\xef\xbb\xbfid\n1\n", 3)])
def test_text_begins_after_the_mark(tmp_path: Path, content: bytes, start: int) -> None:
    assert start_of_text(written(tmp_path, content)) == start


def test_a_file_that_changed_at_an_edge_or_in_size_has_another_fingerprint(tmp_path: Path) -> None:
    prints = {fingerprint_of(written(tmp_path, text)) for text in (b"id\n1\n", b"id\n2\n", b"id\n1\n\n")}
    assert len(prints) == 3
