"""Rules of negotiation and politics as pure functions: arrays over worlds in, arrays out."""
