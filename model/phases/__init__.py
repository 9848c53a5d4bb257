"""The phases of a week: they set the order of actions, and the agents make the decisions."""
