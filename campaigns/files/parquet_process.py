"""Reads or writes one Parquet file in a process of its own, between it and a plain CSV file.

It limits its memory, its processor time and the size of what it writes before it reads anything; it sees the two folders
it is told of and nothing else. Whoever started it kills it when it is late.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

import duckdb

MEMORY = 4 << 30
SECONDS = 3600
READY = "ready"
NUMBER = "line of the file"

READ = """
COPY (SELECT (row_number() OVER ())::BIGINT AS "line of the file", COLUMNS(*)::VARCHAR FROM read_parquet($source))
  TO $target (FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '')
"""
WRITE = """
COPY (SELECT * FROM read_csv($source, header = false, auto_detect = false, delim = ',', quote = '"', escape = '"',
                             nullstr = '', allow_quoted_nulls = false, columns = $columns, new_line = '\\n',
                             max_line_size = 8388608, buffer_size = 33554432, parallel = false))
  TO $target (FORMAT parquet, COMPRESSION zstd)
"""
FACTS = "SELECT num_rows FROM parquet_file_metadata($source)"
SHAPE = "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet($source))"
UNPACKED = "SELECT coalesce(sum(total_uncompressed_size), 0) FROM parquet_metadata($source)"


def limit(most_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))


def connect(folders: list[str]) -> duckdb.DuckDBPyConnection:
    """An engine without a database that may touch these folders only and fetches nothing."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": "512MB",
            "threads": 1,
            "temp_directory": "",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    connection.execute("SET allowed_directories = $folders", {"folders": folders})
    connection.execute("SET enable_external_access = false")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET lock_configuration = true")
    return connection


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Takes the act (`shape`, `read` or `write`), `source`, `target`, `columns` and limits; the answer may hold `error`."""
    connection = connect(request["folders"])
    try:
        return {"shape": shape, "read": read, "write": write}[request["act"]](connection, request)
    except (duckdb.Error, MemoryError) as error:
        return {"error": str(error).splitlines()[0][:300]}


def shape(connection: duckdb.DuckDBPyConnection, request: dict[str, Any]) -> dict[str, Any]:
    source = {"source": request["source"]}
    (rows,) = connection.execute(FACTS, source).fetchone() or (0,)
    (size,) = connection.execute(UNPACKED, source).fetchone() or (0,)
    return {"rows": rows, "size": int(size), "columns": connection.execute(SHAPE, source).fetchall()}


def read(connection: duckdb.DuckDBPyConnection, request: dict[str, Any]) -> dict[str, Any]:
    connection.execute(READ, {"source": request["source"], "target": request["target"]})
    return {}


def write(connection: duckdb.DuckDBPyConnection, request: dict[str, Any]) -> dict[str, Any]:
    columns = dict(request["columns"])
    connection.execute(WRITE, {"source": request["source"], "target": request["target"], "columns": columns})
    return {}


def main() -> None:
    sys.stdout.write(READY + "\n")
    sys.stdout.flush()
    request = json.load(sys.stdin)
    limit(request["most_bytes"])
    json.dump(answer(request), sys.stdout)


if __name__ == "__main__":
    main()
