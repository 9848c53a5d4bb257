"""Play and Class: a seat by weeks, what is told after it, and many games side by side."""
