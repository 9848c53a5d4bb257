"""Play and Class: play a seat week by week, read the debrief, and compare many games."""
