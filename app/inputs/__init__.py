"""What a visitor chooses: scenarios, results folders, and the settings in a URL."""
