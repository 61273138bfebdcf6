"""What the window shows where its ledger does not open: what was found, and the ways out."""
