"""Simulation on behalf of all browser sessions: workers, batching and the latest task."""
