"""The reporting part of the API: reports, the ledger, exports and traces; all of it only reads."""
