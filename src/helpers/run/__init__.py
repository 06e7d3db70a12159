"""From files to finished studies."""
