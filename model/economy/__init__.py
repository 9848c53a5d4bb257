"""The economy: trade data, the Armington model, its solution on a grid, and the groups' pain."""
