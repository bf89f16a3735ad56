"""What a message says: templates, their limits and their lint. How it leaves belongs to `orchestration`."""
