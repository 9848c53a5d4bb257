"""Games that people play in a simulated world: moves, look-ahead, transcripts and debriefs."""
