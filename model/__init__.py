"""The negotiation model: scenario, state, phases, economy and rules, without agent classes."""
