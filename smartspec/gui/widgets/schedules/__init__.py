"""What several pages show of schedules: their list, their ledger, what comes, and what can be done with them."""
