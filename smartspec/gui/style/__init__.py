"""How it looks: colours, fonts, icons, painting, and how numbers and statuses are written."""
