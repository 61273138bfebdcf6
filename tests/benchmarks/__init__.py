"""What it costs: ratios against something measured in the same run."""
