"""How a message gets to a person: one module for each kind of channel, each of which raises NotDelivered."""
