"""Build the documentation site: the pages of docs/, other files that they link to, and the API."""
