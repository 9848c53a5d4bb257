"""Run simulations for all browser sessions: workers, batching, and one task per session."""
