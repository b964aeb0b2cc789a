"""Shroff: the workbench of an ads auto-moderation team.

The path is the API: ``from shroff.workspace import Workspace``.
"""
