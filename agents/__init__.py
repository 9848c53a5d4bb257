"""Who acts in a negotiation: leaders, advisers, intermediaries, constituencies."""
