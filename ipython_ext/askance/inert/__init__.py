"""Makes a model's Markdown harmless to save: a cell's fresh Markdown output would run its scripts and load its images.

Enters: Markdown from a model. Leaves: Markdown that reads the same, without HTML, without images, with web and mail
links only, and with every fence closed.
"""

from .document import inert

__all__ = ["inert"]
