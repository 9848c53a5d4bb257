"""Parts that pages are made of: a Vue template each, with its Python face."""
