"""How good is the machine?"""
