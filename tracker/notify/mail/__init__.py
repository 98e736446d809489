"""Mail: its words, its chart, its headers, its server."""
