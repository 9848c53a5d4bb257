"""Settings of Sphinx. `make docs` builds the site from a folder that docsite/source.py writes."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

project = "Winset"
author = "The Winset developers"
root_doc = "index"
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "docsite.docstrings",
]
myst_heading_anchors = 4
autodoc_default_options = {"member-order": "bysource"}
autodoc_typehints_format = "short"
add_module_names = False
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88
napoleon_numpy_docstring = False
toc_object_entries = False  # the contents of a page list modules, not every function

# A class has one name in its module and another in winset.py; both are right.
suppress_warnings = ["ref.python"]

html_theme = "furo"
html_title = "Winset"
html_show_copyright = False
html_show_sourcelink = False
html_copy_source = False
html_show_search_summary = False  # browsers refuse to fetch it for a page on the disk
html_theme_options = {"navigation_with_keys": True}
