"""The admin of what happened: the report of a campaign, the ledger over all of them, one person's way."""
