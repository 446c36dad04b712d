"""Due process: statements of reasons, appeals, notices of illegal content, and the open books of moderation.

The actions themselves are in `discussion`: `moderating`, `sanctions` and the log of both.
"""
