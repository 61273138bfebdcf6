"""One execution: what is ready, what is active, and every change written before what it allows begins."""
