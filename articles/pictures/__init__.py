"""Pictures: files, what is known of them, and the renditions that readers get."""
