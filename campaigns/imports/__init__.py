"""CSV files into managed tables: read as a stream, checked by line, staged with COPY, merged in one step."""
