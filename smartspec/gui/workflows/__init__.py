"""The page of workflows: manager, the selected one with its tabs, its executions."""
