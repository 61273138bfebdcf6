"""Parts that know nothing of workflows and executions."""
