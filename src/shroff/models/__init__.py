"""Who judges ads, and how well? Policies as prompts, and what models answer."""
