"""Campaigns to begin with: documents with blanks, some shipped, some saved by people."""
