"""Real retail data to try Tutti with: purchases of 2,469 households in 2017, with made-up addresses."""
