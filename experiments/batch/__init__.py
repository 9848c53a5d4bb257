"""Studies of many worlds, run in pieces by whoever is there, that lose nothing when cut short."""
