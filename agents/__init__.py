"""The agents of a negotiation: leaders, advisers, intermediaries and constituencies."""
