"""Components of the pages: Vue templates and their Python declarations."""
