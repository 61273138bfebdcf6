"""SmartSpec: the local workflow ledger."""

__version__ = "0.1.0"
