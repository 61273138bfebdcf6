"""When a schedule is due and what is decided about each due time: rules, words and simulation, without a clock."""
