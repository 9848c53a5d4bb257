"""Games: a world in which people take seats, what they may know, and what came of it."""
