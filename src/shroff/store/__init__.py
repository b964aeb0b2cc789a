"""Where are the logs?"""
