"""How do I show it?"""
