"""A bad day: kills, damage, a full disk and nonsense, put to the program and counted."""
